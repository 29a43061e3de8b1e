'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { Download } from 'lucide-react';
import { useRef } from 'react';
import type { SessionId } from '#lib/base/brand.ts';
import { EmptyState } from '../../../_ui/empty-state.tsx';
import { useRaw } from '../_drawer/use-raw.ts';
import { DirectionMark } from '../_events/direction-mark.tsx';
import type { SessionData } from '../_live/session-data.ts';
import { CaptureFacts } from './capture-facts.tsx';
import { useShowEvent } from './use-show-event.ts';

const ROW_PIXELS = 24;

/** The session as it travelled: how it was captured, then every message letter for letter. */
export function RawTab({ data }: { readonly data: SessionData }) {
  const { log, session } = data;
  const scroller = useRef<HTMLDivElement>(null);
  const show = useShowEvent();
  const virtual = useVirtualizer({
    count: log.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 6,
  });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <CaptureFacts session={session} />
      <div className="flex h-9 shrink-0 items-center border-y bg-surface px-4">
        <h2 className="font-medium text-xs">Messages, as they travelled</h2>
        <a
          href={`/api/v1/sessions/${session.id}/export`}
          download={`${session.id}.jsonl`}
          className="ml-auto flex items-center gap-1.5 text-accent text-xs hover:underline"
        >
          <Download className="size-3.5" aria-hidden="true" />
          Export as JSONL
        </a>
      </div>
      {log.count === 0 ? <EmptyState title="No message">Nothing was exchanged.</EmptyState> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div ref={scroller} role="region" aria-label="Raw" tabIndex={0} className="min-h-0 flex-1 overflow-auto bg-surface">
        <ol className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <li
              key={item.key}
              className="absolute inset-x-0 top-0 flex items-center gap-2 border-b px-4 font-mono text-2xs hover:bg-hover"
              style={{ height: ROW_PIXELS, transform: `translateY(${item.start}px)` }}
            >
              <button
                type="button"
                onClick={() => show(log.seq[item.index] as number)}
                className="w-12 shrink-0 text-right text-accent hover:underline"
              >
                #{log.seq[item.index]}
              </button>
              <DirectionMark direction={log.directionAt(item.index)} />
              <RawLine
                sessionId={session.id}
                seq={log.seq[item.index] as number}
                byteLength={log.byteLength[item.index] as number}
              />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

/** As much of a message as a line holds on a wide screen. */
const MOST_CHARACTERS = 600;

interface RawLineProps {
  readonly sessionId: SessionId;
  readonly seq: number;
  readonly byteLength: number;
}

function RawLine({ sessionId, seq, byteLength }: RawLineProps) {
  const raw = useRaw(sessionId, seq, byteLength);
  switch (raw.state) {
    case 'loading':
      return <span className="h-2.5 w-1/2 animate-skeleton rounded bg-raised" aria-hidden="true" />;
    case 'waiting':
      return (
        <button type="button" onClick={raw.load} className="text-accent hover:underline">
          read {byteLength} bytes
        </button>
      );
    case 'problem':
      return <span className="truncate text-error">{raw.problem.message}</span>;
    case 'ready':
      return (
        <span className="truncate text-muted">
          {raw.text?.slice(0, MOST_CHARACTERS) ?? `${raw.bytes.length} bytes, not UTF-8`}
        </span>
      );
  }
}
