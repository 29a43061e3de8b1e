'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { fromIsoTime } from '#lib/base/wall-time.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { Problem } from '../../_live/fetch-json.ts';
import { fetchJson, toProblem } from '../../_live/fetch-json.ts';
import { liveSocket } from '../../_live/socket.ts';
import type { SessionFilter } from './session-filter.ts';
import { matchesFilter } from './session-filter.ts';
import type { SessionRows } from './session-rows.ts';
import { appendPage, mergeChanged, NO_ROWS, releaseWaiting } from './session-rows.ts';

/** The list as the page has it. */
export interface SessionList {
  readonly held: SessionRows;
  /** False until the first page for this filter is there. */
  readonly ready: boolean;
  /** Whether older sessions wait in the store. */
  readonly more: boolean;
  readonly problem: Problem | null;
  readonly readMore: () => void;
  readonly setHold: (hold: boolean) => void;
  readonly release: () => void;
}

const PAGE_ROWS = 100;
const TYPING_MS = 200;

type Page = { readonly sessions: readonly SessionView[]; readonly nextCursor: string | null };

/** Sessions page by page as the reader scrolls, and live: what changes is replaced in place, what is new goes on top or waits. */
export function useSessionList(filter: SessionFilter): SessionList {
  const [held, setHeld] = useState(NO_ROWS);
  const [cursor, setCursor] = useState<string | null>(null);
  const [ready, setReady] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [again, setAgain] = useState(0);
  const hold = useRef(false);
  const reading = useRef(false);
  const { status, provider, text } = filter;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` asks for another read after a reconnect
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        readPage({ status, provider, text }, null, abort.signal).then(
          (page) => {
            setHeld({ rows: page.sessions, waiting: [] });
            setCursor(page.nextCursor);
            setProblem(null);
            setReady(true);
          },
          (error: unknown) => {
            if (!abort.signal.aborted) setProblem(toProblem(error));
          },
        );
      },
      text === '' ? 0 : TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [status, provider, text, again]);

  useEffect(() => {
    const socket = liveSocket();
    let lost = false;
    const watch = () => {
      socket.emit('sessions:watch');
      // What changed while nobody listened was not pushed: read the top again, unless the reader is further down.
      if (lost && !hold.current) setAgain((count) => count + 1);
      lost = false;
    };
    const lose = () => {
      lost = true;
    };
    const take = (changed: readonly SessionView[]) => {
      const wanted = changed.filter((session) => matchesFilter(session, { status, provider, text }));
      setHeld((rows) => mergeChanged(rows, wanted, hold.current));
      if (wanted.length > 0) setReady(true);
    };
    socket.on('connect', watch);
    socket.on('disconnect', lose);
    socket.on('sessions:changed', take);
    if (socket.connected) watch();
    return () => {
      socket.off('connect', watch);
      socket.off('disconnect', lose);
      socket.off('sessions:changed', take);
      socket.emit('sessions:unwatch');
    };
  }, [status, provider, text]);

  const readMore = useCallback(() => {
    if (cursor === null || reading.current) return;
    reading.current = true;
    readPage({ status, provider, text }, cursor)
      .then(
        (page) => {
          setHeld((rows) => appendPage(rows, page.sessions));
          setCursor(page.nextCursor);
        },
        (error: unknown) => setProblem(toProblem(error)),
      )
      .finally(() => {
        reading.current = false;
      });
  }, [cursor, status, provider, text]);
  const setHold = useCallback((next: boolean) => {
    hold.current = next;
    if (!next) setHeld((rows) => (rows.waiting.length === 0 ? rows : releaseWaiting(rows)));
  }, []);
  const release = useCallback(() => setHeld(releaseWaiting), []);
  return { held, ready, more: cursor !== null, problem, readMore, setHold, release };
}

async function readPage(filter: SessionFilter, cursor: string | null, signal?: AbortSignal): Promise<Page> {
  const query = new URLSearchParams({ limit: String(PAGE_ROWS) });
  if (filter.status !== '') query.set('status', filter.status);
  if (filter.provider !== '') query.set('provider', filter.provider);
  if (filter.text.trim() !== '') query.set('q', filter.text.trim());
  if (cursor !== null) query.set('cursor', cursor);
  const page = await fetchJson<Page>(`/api/v1/sessions?${query}`, signal);
  return { ...page, sessions: page.sessions.map(fromApi) };
}

/** The API speaks ISO 8601, our rows count microseconds. */
function fromApi(session: SessionView): SessionView {
  const micros = (time: unknown) => (typeof time === 'string' ? fromIsoTime(time) : null);
  return {
    ...session,
    startedAt: micros(session.startedAt),
    lastEventAt: micros(session.lastEventAt),
    endedAt: micros(session.endedAt),
  };
}
