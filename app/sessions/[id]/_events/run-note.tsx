import type { EventRun } from '#lib/session/fold-runs.ts';
import { formatBytes, formatCount, formatDuration } from '../../../_ui/format.ts';

/** A run in figures: how long, how much, and whether anything is missing in it. */
export function RunNote({ run }: { readonly run: EventRun }) {
  const parts = [
    run.fromAt === null || run.toAt === null ? '' : `over ${formatDuration((run.toAt - run.fromAt) / 1000)}`,
    formatBytes(run.byteLength),
    run.audioBytes > 0 ? `${formatBytes(run.audioBytes)} audio` : '',
    run.gaps === 0 ? '0 gaps' : '',
  ];
  return (
    <span className="truncate text-muted">
      {parts.filter(Boolean).join(' · ')}
      {run.gaps > 0 ? <span className="font-medium text-warn"> · {formatCount(run.gaps)} not recorded inside</span> : null}
    </span>
  );
}
