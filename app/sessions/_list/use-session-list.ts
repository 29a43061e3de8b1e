'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { fromIsoTime } from '#lib/base/wall-time.ts';
import { matchSession } from '#lib/search/match-session.ts';
import { parseQuery } from '#lib/search/parse-query.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { Problem } from '../../_live/fetch-json.ts';
import { fetchJson, toProblem } from '../../_live/fetch-json.ts';
import { liveSocket } from '../../_live/socket.ts';
import type { SessionRows } from './session-rows.ts';
import { appendPage, mergeChanged, NO_ROWS, releaseWaiting } from './session-rows.ts';

/** The list as the page has it. */
export interface SessionList {
  readonly held: SessionRows;
  /** False until the first page is there. */
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
const REREAD_MS = 1_000;

type Page = { readonly sessions: readonly SessionView[]; readonly nextCursor: string | null };

/**
 * Sessions page by page as the reader scrolls, and live: what changes is replaced in place, what is new goes on top or waits. Where only
 * the store can tell whether a new one matches, the top is read again.
 */
export function useSessionList(query: string): SessionList {
  const [held, setHeld] = useState(NO_ROWS);
  const [cursor, setCursor] = useState<string | null>(null);
  const [ready, setReady] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [again, setAgain] = useState(0);
  const hold = useRef(false);
  const reading = useRef(false);
  const ids = useRef<ReadonlySet<string>>(new Set());
  ids.current = useMemo(() => new Set([...held.rows, ...held.waiting].map((row) => row.id)), [held]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` asks for another read after a reconnect
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        readPage(query, null, abort.signal).then(
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
      query === '' ? 0 : TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, again]);

  useEffect(() => {
    const socket = liveSocket();
    let lost = false;
    let reread: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      reread ??= setTimeout(() => {
        reread = undefined;
        if (!hold.current) setAgain((count) => count + 1);
      }, REREAD_MS);
    };
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
      const parsed = parseQuery(query, Date.now());
      const answers = changed.map((session) => (parsed.ok ? matchSession(parsed.query, session) : null));
      const wanted = changed.filter((session, index) => answers[index] === true || ids.current.has(session.id));
      if (changed.some((session, index) => answers[index] === null && !ids.current.has(session.id))) readAgain();
      setHeld((rows) => mergeChanged(rows, wanted, hold.current));
      if (wanted.length > 0) setReady(true);
    };
    socket.on('connect', watch);
    socket.on('disconnect', lose);
    socket.on('sessions:changed', take);
    if (socket.connected) watch();
    return () => {
      clearTimeout(reread);
      socket.off('connect', watch);
      socket.off('disconnect', lose);
      socket.off('sessions:changed', take);
      socket.emit('sessions:unwatch');
    };
  }, [query]);

  const readMore = useCallback(() => {
    if (cursor === null || reading.current) return;
    reading.current = true;
    readPage(query, cursor)
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
  }, [cursor, query]);
  const setHold = useCallback((next: boolean) => {
    hold.current = next;
    if (!next) setHeld((rows) => (rows.waiting.length === 0 ? rows : releaseWaiting(rows)));
  }, []);
  const release = useCallback(() => setHeld(releaseWaiting), []);
  return { held, ready, more: cursor !== null, problem, readMore, setHold, release };
}

async function readPage(q: string, cursor: string | null, signal?: AbortSignal): Promise<Page> {
  const asked = new URLSearchParams({ limit: String(PAGE_ROWS) });
  if (q !== '') asked.set('q', q);
  if (cursor !== null) asked.set('cursor', cursor);
  const page = await fetchJson<Page>(`/api/v1/sessions?${asked}`, signal);
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
