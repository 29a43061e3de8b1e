import type { Severity } from '#lib/session/view.ts';
import { cn } from '../../../_ui/class-names.ts';
import type { LineMark as Mark } from './anomaly-marks.ts';

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: 'fill-error',
  high: 'fill-error',
  medium: 'fill-warn',
  low: 'fill-item',
  info: 'fill-neutral',
};

/** A message that proves an anomaly: the triangle of the lanes. */
export function LineMark({ mark, className }: { readonly mark: Mark | null; readonly className?: string }) {
  if (mark === null) return null;
  return (
    <svg viewBox="0 0 12 12" className={cn('size-2.5 shrink-0', className)} role="img">
      <title>{`${mark.severity}: ${mark.title}`}</title>
      <path d="M6 1 11.5 11h-11Z" className={COLOURS[mark.severity]} />
    </svg>
  );
}
