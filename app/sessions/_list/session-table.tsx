'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SessionView } from '#lib/session/view.ts';
import { unlessIn, useKeys } from '../../_ui/use-keys.ts';
import { useMedia } from '../../_ui/use-media.ts';
import { readLastOpened } from './last-opened.ts';
import { SessionCard } from './session-card.tsx';
import { SessionHead } from './session-head.tsx';
import { SessionRow } from './session-row.tsx';

interface SessionTableProps {
  readonly rows: readonly SessionView[];
  readonly waiting: number;
  /** Called as the end comes near. */
  readonly onNearEnd: () => void;
  /** Tells whether the reader is away from the top, so that new rows must wait. */
  readonly onHold: (hold: boolean) => void;
  readonly onRelease: () => void;
}

const NEAR_END_ROWS = 15;
/** In pixels; the row and the card are of these heights. */
const ROW_HEIGHT = 48;
const CARD_HEIGHT = 72;

/** The sessions, newest first; only the visible ones are in the page. */
export function SessionTable({ rows, waiting, onNearEnd, onHold, onRelease }: SessionTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMedia('(max-width: 900px)');
  const [active, setActive] = useState(readLastOpened);
  const router = useRouter();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(() => (narrow ? CARD_HEIGHT : ROW_HEIGHT), [narrow]),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights change with the layout
  useEffect(() => virtual.measure(), [narrow, virtual]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, where the reader comes back
  useEffect(() => {
    const at = rows.findIndex((row) => row.id === active);
    if (at > 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, []);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - NEAR_END_ROWS) onNearEnd();
  }, [lastShown, rows.length, onNearEnd]);

  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === active);
    const next = Math.min(rows.length - 1, Math.max(0, at === -1 ? 0 : at + by));
    setActive(rows[next]?.id ?? null);
    virtual.scrollToIndex(next);
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    Enter: unlessIn('a, button, summary', () => (active === null ? false : router.push(`/sessions/${active}`))),
    Escape: () => setActive(null),
  });

  return (
    <div
      ref={scroller}
      className="relative min-h-0 flex-1 overflow-auto"
      onScroll={(event) => onHold(event.currentTarget.scrollTop > 8)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      role="region"
      aria-label="Sessions"
    >
      {waiting > 0 ? (
        <button
          type="button"
          onClick={() => {
            onRelease();
            virtual.scrollToIndex(0);
          }}
          className="sticky top-10 left-1/2 z-10 float-left flex h-7 -translate-x-1/2 items-center gap-1 rounded-full bg-accent px-3 font-medium text-accent-ink text-xs shadow-pop"
        >
          <ArrowUp className="size-3.5" aria-hidden="true" />
          {waiting} new
        </button>
      ) : null}
      <div
        role="table"
        aria-label="Sessions, newest first"
        aria-rowcount={rows.length + 1}
        className={narrow ? '' : 'min-w-[70rem]'}
      >
        {narrow ? null : (
          <div role="rowgroup" className="sticky top-0 z-[5]">
            <SessionHead />
          </div>
        )}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const session = rows[item.index];
            if (session === undefined) return null;
            const Row = narrow ? SessionCard : SessionRow;
            return (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row session={session} active={session.id === active} index={item.index} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
