import type { ReactNode } from 'react';

/** A key of the keyboard, drawn as one. */
export function KeyCap({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-line-strong border-b-2 bg-raised px-1 font-sans text-2xs text-muted">
      {children}
    </kbd>
  );
}
