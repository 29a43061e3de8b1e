'use client';

import { useEffect, useRef, useState } from 'react';
import type { SessionId } from '#lib/base/brand.ts';
import type { SessionPush } from '#lib/live/contract.ts';
import type { EventColumns } from '#lib/session/event-columns.ts';
import type { Problem } from '../../../_live/fetch-json.ts';
import { fetchJson, toProblem } from '../../../_live/fetch-json.ts';
import { liveSocket } from '../../../_live/socket.ts';
import type { SessionData, SessionSnapshot } from './session-data.ts';
import { openData, takePush } from './session-data.ts';
import type { EventPage } from './use-rows.ts';

/** Errors whose words are read at once: they tell which message an error is about. */
const MOST_ERRORS = 500;

/** A session as the page has it: being read, not readable, or there and growing. */
export type LiveSession =
  | { readonly state: 'loading' }
  | { readonly state: 'problem'; readonly problem: Problem }
  | { readonly state: 'ready'; readonly data: SessionData };

/**
 * Reads a session once, then keeps it current. After every connect (the first and each one after a loss) it asks for pushes
 * after the last `seq` it holds; the first time after `knownSeq`, which is older than all that was read, so nothing falls between.
 */
export function useLiveSession(id: SessionId, knownSeq: number): LiveSession {
  const [live, setLive] = useState<LiveSession>({ state: 'loading' });
  // The server may make the page again; what was read stays as it is.
  const firstSeq = useRef(knownSeq);
  useEffect(() => {
    const abort = new AbortController();
    let held: SessionData | null = null;
    let cursor = firstSeq.current;
    const socket = liveSocket();
    const watch = () => {
      if (held !== null) socket.emit('session:watch', { sessionId: id, afterSeq: cursor, status: held.session.status });
    };
    const take = (push: SessionPush, acknowledge: () => void) => {
      if (push.sessionId === id && held !== null) {
        held = takePush(held, push);
        cursor = Math.max(cursor, push.lastSeq);
        setLive({ state: 'ready', data: held });
      }
      acknowledge();
    };
    socket.on('connect', watch);
    socket.on('session:push', take);
    readAll(id, abort.signal).then(
      (data) => {
        held = data;
        setLive({ state: 'ready', data });
        if (socket.connected) watch();
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setLive({ state: 'problem', problem: toProblem(error) });
      },
    );
    return () => {
      abort.abort();
      socket.off('connect', watch);
      socket.off('session:push', take);
      socket.emit('session:unwatch', { sessionId: id });
    };
  }, [id]);
  return live;
}

async function readAll(id: SessionId, signal: AbortSignal): Promise<SessionData> {
  const [columns, snapshot, errors] = await Promise.all([
    fetchJson<EventColumns>(`/api/v1/sessions/${id}/columns`, signal),
    fetchJson<SessionSnapshot>(`/sessions/${id}/snapshot`, signal),
    fetchJson<EventPage>(`/api/v1/sessions/${id}/events?types=error&limit=${MOST_ERRORS}`, signal),
  ]);
  const notes = new Map(errors.events.flatMap((row) => (row.note === null ? [] : [[row.seq, row.note] as const])));
  return openData(snapshot, columns, notes);
}
