import type { ReactNode } from 'react';

/** The scrolling body of a tab. */
export function TabPage({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div role="region" aria-label={label} tabIndex={0} className="min-h-0 flex-1 overflow-auto">
      {children}
    </div>
  );
}
