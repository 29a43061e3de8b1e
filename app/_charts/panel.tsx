import type { ReactNode } from 'react';
import { cn } from '../_ui/class-names.ts';

interface PanelProps {
  readonly title: string;
  /** Beside the title: what the figures mean, or where they lead. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled surface that holds a chart, a table or figures. */
export function Panel({ title, aside = null, className, children }: PanelProps) {
  return (
    <section className={cn('min-w-0 rounded-lg border bg-surface', className)} aria-label={title}>
      <header className="flex min-h-9 items-center gap-3 px-4 pt-1.5">
        <h2 className="font-medium text-xs">{title}</h2>
        <div className="ml-auto text-faint text-xs">{aside}</div>
      </header>
      {children}
    </section>
  );
}
