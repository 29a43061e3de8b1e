'use client';

import { useEffect, useSyncExternalStore } from 'react';
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
 * Reads the rows (with notes) of the events in view, block by block, and renders again when some arrived.
 * @param indexes the indexes in the log of what is on the screen.
 */
export function useRows(id: SessionId, data: SessionData, indexes: readonly number[]): void {
  const { log, rows } = data;
  const version = useSyncExternalStore(
    rows.subscribe,
    () => rows.version,
    () => 0,
  );
  const blocks = [
    ...new Set(indexes.filter((index) => !isHeld(data, index)).map((index) => Math.floor(index / BLOCK_ROWS))),
  ].join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a block that was given back is asked for again
  useEffect(() => {
    if (blocks === '') return;
    for (const block of blocks.split(',').map(Number)) {
      if (!rows.claim(block)) continue;
      readBlock(id, log, block).then(
        (found) => rows.put(found),
        () => setTimeout(() => rows.release(block), RETRY_MS),
      );
    }
  }, [id, blocks, rows, log, version]);
}

function isHeld(data: SessionData, index: number): boolean {
  return data.rows.get(data.log.seq[index] as number) !== undefined;
}

async function readBlock(id: SessionId, log: SessionData['log'], block: number): Promise<readonly EventRow[]> {
  const first = block * BLOCK_ROWS;
  const after = (log.seq[first] as number) - 1;
  const page = await fetchJson<EventPage>(`/api/v1/sessions/${id}/events?after=${after}&limit=${BLOCK_ROWS}`);
  return page.events;
}
