import type { ReactNode } from 'react';

/** What stands where nothing is: says what would be here and how to get it. */
export function EmptyState({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="mx-auto max-w-md px-6 py-16 text-center">
      <h2 className="font-semibold text-sm">{title}</h2>
      <div className="mt-1.5 text-muted">{children}</div>
    </div>
  );
}
