'use client';

import { useQueryStates } from 'nuqs';
import type { RefObject } from 'react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { EventFilter } from '../_events/event-filter.ts';
import { isFiltering, makeAcceptor } from '../_events/event-filter.ts';
import type { ListLine } from '../_events/list-lines.ts';
import { lineOf, toLines } from '../_events/list-lines.ts';
import type { SessionData } from '../_live/session-data.ts';
import type { Scene } from '../_timeline/scene.ts';
import { ViewStore } from '../_timeline/view-store.ts';
import { timelineParsers } from './params.ts';
import { readView, writeView } from './view-param.ts';

/** What the timeline page holds beside the session: selection, filter, unfolded runs, the part in view, whether it follows. */
export interface TimelineState {
  readonly seq: number | null;
  readonly view: ViewStore;
  readonly filter: EventFilter;
  readonly lines: readonly ListLine[];
  /** Events that pass the filter. */
  readonly shownEvents: number;
  readonly selectedLine: number;
  readonly unfolded: ReadonlySet<number>;
  readonly following: boolean;
  readonly unseen: number;
  readonly select: (seq: number | null) => void;
  readonly changeFilter: (change: Partial<EventFilter>) => void;
  readonly filterById: (id: string) => void;
  readonly toggleUnfolded: (seq: number) => void;
  readonly setFollowing: (following: boolean) => void;
}

const URL_MS = 300;

/** Keeps lanes, list, drawer and URL in step. `revealed`: the selection that the part in view was last chosen for. */
export function useTimelineState(data: SessionData, scene: Scene, revealed: RefObject<number | null>): TimelineState {
  const [params, setParams] = useQueryStates(timelineParsers, { history: 'replace', throttleMs: URL_MS });
  const { log } = data;
  const view = useView(data, scene.end, params.view, (text) => void setParams({ view: text }));
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const { following, setFollowing, unseen } = useFollowing(data, params.seq === null && params.t === null);
  const { end } = scene;
  useEffect(() => view.grow({ from: 0, to: end }, following), [view, end, following]);

  const reveal = useCallback(
    (seq: number | null) => {
      if (seq === null) return;
      setFollowing(false);
      view.reveal(log.positionOfSeq(seq));
    },
    [setFollowing, view, log],
  );
  // A selection also comes from the header and from other tabs: wherever it came from, it is in view. One that is back from another
  // tab, or comes with a link, has the view that was left or copied with it.
  useEffect(() => {
    if (revealed.current !== params.seq) reveal(params.seq);
    revealed.current = params.seq;
  }, [params.seq, reveal, revealed]);
  const asked = params.seq === null && params.t !== null ? seqAtTime(data, params.t) : null;
  useEffect(() => {
    if (asked !== null) void setParams({ seq: asked, t: null });
  }, [asked, setParams]);

  const filter = useMemo<EventFilter>(
    () => ({ text: params.q, direction: params.dir, types: params.types }),
    [params.q, params.dir, params.types],
  );
  const lines = useMemo(() => toLines(data.log.runs, makeAcceptor(data, filter), unfolded), [data, filter, unfolded]);
  const selectedIndex = params.seq === null ? -1 : log.indexOfSeq(params.seq);
  const selectedLine = useMemo(() => (selectedIndex < 0 ? -1 : lineOf(lines, selectedIndex)), [lines, selectedIndex]);
  const shownEvents = useMemo(() => (isFiltering(filter) ? countEvents(lines) : log.count), [filter, lines, log.count]);

  const select = useCallback(
    (seq: number | null) => {
      reveal(seq);
      void setParams({ seq });
    },
    [setParams, reveal],
  );
  const changeFilter = useCallback(
    ({ text, direction, types }: Partial<EventFilter>) => {
      void setParams({
        ...(text === undefined ? {} : { q: text }),
        ...(direction === undefined ? {} : { dir: direction }),
        ...(types === undefined ? {} : { types: [...types] }),
      });
    },
    [setParams],
  );
  const toggleUnfolded = useCallback((seq: number) => setUnfolded((held) => toggled(held, seq)), []);
  return {
    seq: params.seq,
    view,
    filter,
    lines,
    shownEvents,
    selectedLine,
    unfolded,
    following,
    unseen,
    select,
    changeFilter,
    filterById: useCallback((id: string) => changeFilter({ text: id }), [changeFilter]),
    toggleUnfolded,
    setFollowing,
  };
}

/** The part in view, read from the URL once and written back when it has come to rest. */
function useView(data: SessionData, end: number, text: string | null, write: (text: string | null) => void): ViewStore {
  const [store] = useState(() => {
    const made = new ViewStore(data.log.timed);
    made.grow({ from: 0, to: end }, false);
    const asked = readView(text, data.log.timed);
    if (asked !== null) made.set(asked);
    return made;
  });
  const latest = useRef(write);
  useEffect(() => {
    latest.current = write;
  });
  const { timed } = data.log;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => latest.current(store.isAll ? null : writeView(store.view, timed)), URL_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [store, timed]);
  return store;
}

/** Following a live session: begins where nothing is selected, and counts what comes while the reader is elsewhere. */
function useFollowing(data: SessionData, initially: boolean) {
  const [wanted, setWanted] = useState(initially);
  const [seenCount, setSeenCount] = useState(data.log.count);
  const following = wanted && data.session.status === 'open';
  const { count } = data.log;
  const setFollowing = useCallback(
    (next: boolean) => {
      setWanted(next);
      setSeenCount(data.log.count);
    },
    [data.log],
  );
  return { following, setFollowing, unseen: following ? 0 : Math.max(0, count - seenCount) };
}

/** The newest message at a time in seconds, to the millisecond that the list shows; null where messages have no times. */
function seqAtTime({ log }: SessionData, seconds: number): number | null {
  const index = log.indexBefore(seconds * 1_000_000 + 500);
  return log.timed && log.count > 0 ? (log.seq[Math.max(0, index)] as number) : null;
}

function toggled(held: ReadonlySet<number>, seq: number): ReadonlySet<number> {
  const next = new Set(held);
  if (!next.delete(seq)) next.add(seq);
  return next;
}

function countEvents(lines: readonly ListLine[]): number {
  return lines.reduce((sum, line) => sum + (line.member === -1 ? line.run.indexes.length : 0), 0);
}
