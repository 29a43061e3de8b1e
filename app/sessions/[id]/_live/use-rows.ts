'use client';

import { useEffect, useState } from 'react';
import type { SessionId } from '#lib/base/brand.ts';
import type { EventRow } from '#lib/session/view.ts';
import { fetchJson } from '../../../_live/fetch-json.ts';
import { BLOCK_ROWS } from './row-cache.ts';
import type { SessionData } from './session-data.ts';

/** A page of `/api/v1/sessions/{id}/events`, as far as the browser uses it. */
export interface EventPage {
  readonly events: readonly EventRow[];
}

const RETRY_MS = 2000;

/**
 * Reads the rows (with notes) of the events in view, block by block; returns a number that changes when some arrived.
 * @param indexes the indexes in the log of what is on the screen.
 */
export function useRows(id: SessionId, data: SessionData, indexes: readonly number[]): number {
  const [arrived, setArrived] = useState(0);
  const blocks = [
    ...new Set(indexes.filter((index) => !held(data, index)).map((index) => Math.floor(index / BLOCK_ROWS))),
  ].join();
  useEffect(() => {
    if (blocks === '') return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    for (const block of blocks.split(',').map(Number)) {
      if (!data.rows.claim(block)) continue;
      readBlock(id, data, block).then(
        (rows) => {
          data.rows.put(rows);
          setArrived((count) => count + 1);
        },
        () => {
          data.rows.release(block);
          timer = setTimeout(() => setArrived((count) => count + 1), RETRY_MS);
        },
      );
    }
    return () => clearTimeout(timer);
  }, [id, blocks, data.rows, data]);
  return arrived;
}

function held(data: SessionData, index: number): boolean {
  return data.rows.get(data.log.seq[index] as number) !== undefined;
}

async function readBlock(id: SessionId, { log }: SessionData, block: number): Promise<readonly EventRow[]> {
  const first = block * BLOCK_ROWS;
  const after = (log.seq[first] as number) - 1;
  const page = await fetchJson<EventPage>(`/api/v1/sessions/${id}/events?after=${after}&limit=${BLOCK_ROWS}`);
  return page.events;
}
