import { ChevronRight } from 'lucide-react';
import type { EventRow } from '#lib/session/view.ts';
import { cn } from '../../../_ui/class-names.ts';
import { formatBytes, formatCount, formatDuration, formatOffset } from '../../../_ui/format.ts';
import type { EventLog } from '../_live/event-log.ts';
import type { BadEnding } from '../_state/stops.ts';
import type { LineMark as Mark } from './anomaly-marks.ts';
import { DirectionMark } from './direction-mark.tsx';
import { EventFlags } from './event-flags.tsx';
import { lineKindOf } from './event-kind.ts';
import { EventNote } from './event-note.tsx';
import { EventType } from './event-type.tsx';
import { LineMark } from './line-mark.tsx';
import type { ListLine } from './list-lines.ts';
import { indexOfLine, isRun } from './list-lines.ts';
import { RunNote } from './run-note.tsx';
import { shortId } from './short-id.ts';

/** One width for head and lines. Without times the two time columns go. */
export const LINE_COLUMNS = {
  timed:
    'grid grid-cols-[3.25rem_5.25rem_4.5rem_1rem_minmax(12rem,24rem)_5.5rem_4.25rem_minmax(8rem,1fr)] @max-[62rem]:grid-cols-[3.25rem_4.75rem_1rem_minmax(11rem,19rem)_minmax(8rem,1fr)]',
  ordered:
    'grid grid-cols-[3.25rem_1rem_minmax(12rem,24rem)_5.5rem_4.25rem_minmax(8rem,1fr)] @max-[62rem]:grid-cols-[3.25rem_1rem_minmax(11rem,19rem)_minmax(8rem,1fr)]',
} as const;

interface EventLineProps {
  readonly log: EventLog;
  readonly line: ListLine;
  readonly row: EventRow | undefined;
  /** What it proves. */
  readonly mark: Mark | null;
  /** How the response went that it ended; undefined where it ended none, or one that went well. */
  readonly ending: BadEnding | undefined;
  readonly selected: boolean;
  readonly unfolded: boolean;
  readonly onSelect: (seq: number) => void;
  readonly onUnfold: (seq: number) => void;
}

/** One line: an event, or a run of deltas that unfolds. */
export function EventLine({ log, line, row, mark, ending, selected, unfolded, onSelect, onUnfold }: EventLineProps) {
  const index = indexOfLine(line);
  const seq = log.seq[index] as number;
  const kind = log.kindAt(index);
  const lineKind = lineKindOf(kind, ending);
  const run = isRun(line) ? line.run : null;
  const lost = log.lostBefore(index);
  const id = log.ids.text((log.itemId[index] || log.responseId[index] || log.callId[index]) as number);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and Enter do the same for the whole list (_state/use-timeline-keys.ts)
    <div
      role="row"
      aria-selected={selected}
      data-seq={seq}
      data-kind={lineKind}
      onClick={() => onSelect(seq)}
      onDoubleClick={() => run !== null && onUnfold(seq)}
      className={cn(
        LINE_COLUMNS[log.timed ? 'timed' : 'ordered'],
        'relative h-[26px] cursor-pointer items-center gap-x-2 border-line/60 border-b px-3 text-xs hover:bg-hover',
        line.member !== -1 && 'bg-ground',
        lineKind === 'error' && 'bg-error-soft hover:bg-error-soft',
        selected && 'bg-accent-soft shadow-[inset_2px_0_0_var(--accent)] hover:bg-accent-soft',
        lost > 0 && 'border-t border-t-warn',
      )}
    >
      <span role="gridcell" className="text-right font-mono text-faint">
        <LineMark mark={mark} className="-translate-y-1/2 absolute top-1/2 left-1.5" />
        {seq}
      </span>
      {log.timed ? <Times log={log} index={index} /> : null}
      <span role="gridcell" className="flex justify-center">
        <DirectionMark direction={log.directionAt(index)} />
      </span>
      <span role="gridcell" className="flex min-w-0 items-center gap-1 font-mono">
        {run === null ? null : (
          <button
            type="button"
            tabIndex={-1}
            aria-expanded={unfolded}
            aria-label={`${unfolded ? 'Fold' : 'Unfold'} ${run.indexes.length} events`}
            onClick={(event) => {
              event.stopPropagation();
              onUnfold(seq);
            }}
            className="-ml-1 flex shrink-0 items-center rounded bg-raised pr-1 text-2xs text-muted hover:text-ink"
          >
            <ChevronRight className={cn('size-3.5', unfolded && 'rotate-90')} aria-hidden="true" />
            {formatCount(run.indexes.length)} ×
          </button>
        )}
        <span className={cn('truncate', line.member !== -1 && 'pl-4')}>
          <EventType type={kind.type} isError={lineKind === 'error'} />
        </span>
      </span>
      <span role="gridcell" className="truncate font-mono text-2xs text-faint @max-[62rem]:hidden" title={id ?? undefined}>
        {id === null ? '' : shortId(id)}
      </span>
      <span role="gridcell" className="text-right text-faint @max-[62rem]:hidden">
        {run === null ? formatBytes(log.byteLength[index] as number) : null}
      </span>
      <span role="gridcell" className="flex min-w-0 items-center gap-1.5">
        {lost > 0 ? <span className="shrink-0 font-medium text-warn">{formatCount(lost)} not recorded before ·</span> : null}
        {run === null ? (
          <>
            <EventFlags flags={kind.flags} />
            <span className="truncate">
              <EventNote kind={lineKind} row={row} problem={kind.problem} />
            </span>
          </>
        ) : (
          <RunNote run={run} />
        )}
      </span>
    </div>
  );
}

function Times({ log, index }: { readonly log: EventLog; readonly index: number }) {
  const at = log.offsetMs(index);
  const before = index === 0 ? null : log.offsetMs(index - 1);
  const step = at === null || before === null ? null : at - before;
  return (
    <>
      <span role="gridcell" className="text-right font-mono text-muted">
        {formatOffset(at)}
      </span>
      <span
        role="gridcell"
        className={cn('text-right text-faint @max-[62rem]:hidden', step !== null && step > 1000 && 'text-ink')}
      >
        {step === null ? '' : `+${formatDuration(step)}`}
      </span>
    </>
  );
}
