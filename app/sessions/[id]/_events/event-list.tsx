'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { Button } from '../../../_ui/button.tsx';
import { cn } from '../../../_ui/class-names.ts';
import { formatCount } from '../../../_ui/format.ts';
import { useMedia } from '../../../_ui/use-media.ts';
import type { SessionData } from '../_live/session-data.ts';
import { useRows } from '../_live/use-rows.ts';
import type { BadEnding } from '../_state/stops.ts';
import { markOfLine, proofsOf } from './anomaly-marks.ts';
import { EventLine } from './event-line.tsx';
import { EventLineNarrow } from './event-line-narrow.tsx';
import { EventListHead } from './event-list-head.tsx';
import { ListEnd } from './list-end.tsx';
import type { ListLine } from './list-lines.ts';
import { indexOfLine, isRun } from './list-lines.ts';

interface EventListProps {
  readonly data: SessionData;
  /** The messages that ended responses badly, by `seq`. */
  readonly ended: ReadonlyMap<number, BadEnding>;
  readonly lines: readonly ListLine[];
  /** The line that holds the selected event; -1 where none does. */
  readonly selectedLine: number;
  readonly unfolded: ReadonlySet<number>;
  readonly onSelect: (seq: number) => void;
  readonly onUnfold: (seq: number) => void;
  /** Whether the list stays at its end as the session grows. */
  readonly following: boolean;
  readonly onFollowing: (following: boolean) => void;
  /** Events that came since the reader left the end. */
  readonly unseen: number;
}

const END_PIXELS = 30;
const HEAD_HEIGHT = 28;

/** The events, one line each; only the visible ones are in the page. */
export function EventList(props: EventListProps) {
  const { data, ended, lines, selectedLine, unfolded, onSelect, onUnfold, following, onFollowing, unseen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMedia('(max-width: 900px)');
  const height = narrow ? 44 : 26;
  const headHeight = narrow ? 0 : HEAD_HEIGHT;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 16,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights change with the layout
  useEffect(() => virtual.measure(), [height, virtual]);
  const items = virtual.getVirtualItems();
  useRows(data.session.id, data, visibleIndexes(lines, items));
  useEffect(() => {
    if (following && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [following, lines.length, virtual]);
  // Only a new selection scrolls; lines that are inserted above it later must not.
  const shown = useRef(-1);
  useEffect(() => {
    const box = scroller.current;
    if (box === null || selectedLine === -1 || shown.current === selectedLine) {
      shown.current = selectedLine;
      return;
    }
    shown.current = selectedLine;
    const top = selectedLine * height + headHeight;
    const visible = top >= box.scrollTop + headHeight && top + height <= box.scrollTop + box.clientHeight;
    if (!visible) virtual.scrollToIndex(selectedLine, { align: 'center' });
  }, [selectedLine, virtual, height, headHeight]);
  const { log } = data;
  // The log grows in place: an anomaly may come before the messages that prove it.
  const proofs = useMemo(() => proofsOf(data.anomalies, (seq) => data.log.exactIndexOf(seq)), [data]);
  const Line = narrow ? EventLineNarrow : EventLine;
  return (
    <div className="@container relative flex min-h-0 min-w-0 flex-1 flex-col">
      <div
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto bg-surface"
        role="region"
        aria-label="Events"
        onWheel={(event) => {
          if (event.deltaY < 0) onFollowing(false);
        }}
        onScroll={(event) => {
          const box = event.currentTarget;
          const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_PIXELS;
          if (atEnd && data.session.status === 'open' && !following && box.scrollHeight > box.clientHeight) onFollowing(true);
        }}
      >
        <div role="grid" aria-label="Events in order" aria-rowcount={lines.length} className={cn(!narrow && 'min-w-[36rem]')}>
          {narrow ? null : <EventListHead timed={data.log.timed} />}
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const line = lines[item.index];
              if (line === undefined) return null;
              const seq = data.log.seq[indexOfLine(line)] as number;
              return (
                <div
                  key={`${seq} ${line.member}`}
                  role="presentation"
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${item.start - headHeight}px)` }}
                >
                  <Line
                    log={data.log}
                    line={line}
                    row={data.rows.get(seq)}
                    mark={markOfLine(proofs, line)}
                    ending={ended.get(seq)}
                    selected={item.index === selectedLine}
                    unfolded={line.member === -1 && unfolded.has(seq)}
                    onSelect={onSelect}
                    onUnfold={onUnfold}
                  />
                </div>
              );
            })}
          </div>
        </div>
        {lines.length > 0 && lines.at(-1)?.run === log.runs.entries.at(-1) ? <ListEnd session={data.session} log={log} /> : null}
      </div>
      {unseen > 0 && !following ? (
        <Button
          onClick={() => onFollowing(true)}
          className="-translate-x-1/2 absolute bottom-3 left-1/2 rounded-full border-transparent bg-accent px-3 font-medium text-accent-ink shadow-pop hover:text-accent-ink"
        >
          {formatCount(unseen)} new
          <ArrowDown className="size-3.5" aria-hidden="true" />
        </Button>
      ) : null}
    </div>
  );
}

/** The events on the screen, those of unfolded runs included; a folded run needs no row. */
function visibleIndexes(lines: readonly ListLine[], items: readonly { readonly index: number }[]): number[] {
  return items.flatMap((item) => {
    const line = lines[item.index];
    if (line === undefined || isRun(line)) return [];
    return [indexOfLine(line)];
  });
}
