import type { EventRow } from '#lib/session/view.ts';
import { cn } from '../../../_ui/class-names.ts';
import { formatCount, formatOffset } from '../../../_ui/format.ts';
import type { EventLog } from '../_live/event-log.ts';
import type { BadEnding } from '../_state/stops.ts';
import type { LineMark as Mark } from './anomaly-marks.ts';
import { DirectionMark } from './direction-mark.tsx';
import { lineKindOf } from './event-kind.ts';
import { EventNote } from './event-note.tsx';
import { EventType } from './event-type.tsx';
import { LineMark } from './line-mark.tsx';
import type { ListLine } from './list-lines.ts';
import { indexOfLine, isRun } from './list-lines.ts';
import { RunNote } from './run-note.tsx';

interface EventLineNarrowProps {
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

/** One event on two lines, for narrow screens. */
export function EventLineNarrow({ log, line, row, mark, ending, selected, onSelect, onUnfold }: EventLineNarrowProps) {
  const index = indexOfLine(line);
  const seq = log.seq[index] as number;
  const kind = log.kindAt(index);
  const lineKind = lineKindOf(kind, ending);
  const run = isRun(line) ? line.run : null;
  const lost = log.lostBefore(index);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and Enter do the same for the whole list (_state/use-timeline-keys.ts)
    <div
      role="row"
      aria-selected={selected}
      data-seq={seq}
      data-kind={lineKind}
      onClick={() => (run === null ? onSelect(seq) : onUnfold(seq))}
      className={cn(
        'flex h-11 cursor-pointer flex-col justify-center border-line/60 border-b px-3 text-xs',
        line.member !== -1 && 'bg-ground pl-6',
        lineKind === 'error' && 'bg-error-soft',
        selected && 'bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]',
        lost > 0 && 'border-t border-t-warn',
      )}
    >
      <span role="gridcell" className="flex items-center gap-2 font-mono">
        <DirectionMark direction={log.directionAt(index)} />
        <span className="truncate">
          {run === null ? '' : `${formatCount(run.indexes.length)} × `}
          <EventType type={kind.type} isError={lineKind === 'error'} />
        </span>
        <LineMark mark={mark} className="ml-auto" />
        <span className={cn('shrink-0 text-2xs text-faint', mark === null && 'ml-auto')}>
          {log.timed ? formatOffset(log.offsetMs(index)) : `#${seq}`}
        </span>
      </span>
      <span role="gridcell" className="truncate pl-4.5 text-2xs">
        {lost > 0 ? <span className="text-warn">{formatCount(lost)} not recorded before · </span> : null}
        {run === null ? <EventNote kind={lineKind} row={row} problem={kind.problem} /> : <RunNote run={run} />}
      </span>
    </div>
  );
}
