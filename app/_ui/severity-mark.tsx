import type { Severity } from '#lib/session/view.ts';
import { cn } from './class-names.ts';

/** None is translucent: a row that is chosen would take the contrast away. */
const TONES: Readonly<Record<Severity, string>> = {
  critical: 'bg-error text-surface',
  high: 'bg-[color-mix(in_srgb,var(--error)_9%,var(--surface))] text-error',
  medium: 'bg-[color-mix(in_srgb,var(--warn)_12%,var(--surface))] text-warn',
  low: 'bg-hover text-item',
  info: 'bg-raised text-muted',
};

interface SeverityMarkProps {
  readonly severity: Severity;
  /** Shown before the word. */
  readonly count?: number;
  readonly className?: string;
}

/** How much an anomaly matters: a word on the colour of its severity. */
export function SeverityMark({ severity, count, className }: SeverityMarkProps) {
  return (
    <span
      className={cn(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded px-1.5 font-medium text-2xs',
        TONES[severity],
        className,
      )}
      data-severity={severity}
    >
      {count}
      <span>{severity}</span>
    </span>
  );
}
