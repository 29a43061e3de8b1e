'use client';

import { useEffect, useState } from 'react';
import type { SessionId } from '#lib/base/brand.ts';
import type { Problem } from '../../../_live/fetch-json.ts';
import { fetchFrom, toProblem } from '../../../_live/fetch-json.ts';

/** The exact message: not asked for yet (it is large), being read, not readable, or there. */
export type Raw =
  | { readonly state: 'waiting'; readonly load: () => void }
  | { readonly state: 'loading' }
  | { readonly state: 'problem'; readonly problem: Problem }
  | { readonly state: 'ready'; readonly bytes: Uint8Array; readonly text: string | null };

/** Larger messages are read when asked for. */
const AT_ONCE_BYTES = 1_000_000;

/** Reads the exact bytes of a message when it is shown; `text` is null where they are not UTF-8. */
export function useRaw(id: SessionId, seq: number, byteLength: number): Raw {
  const [asked, setAsked] = useState<number | null>(null);
  const [found, setFound] = useState<{ readonly seq: number; readonly raw: Raw } | null>(null);
  const wanted = byteLength <= AT_ONCE_BYTES || asked === seq;
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    readRaw(id, seq, abort.signal).then(
      (raw) => setFound({ seq, raw }),
      (error: unknown) => {
        if (!abort.signal.aborted) setFound({ seq, raw: { state: 'problem', problem: toProblem(error) } });
      },
    );
    return () => abort.abort();
  }, [id, seq, wanted]);
  if (found?.seq === seq) return found.raw;
  return wanted ? { state: 'loading' } : { state: 'waiting', load: () => setAsked(seq) };
}

async function readRaw(id: SessionId, seq: number, signal: AbortSignal): Promise<Raw> {
  const response = await fetchFrom(`/api/v1/sessions/${id}/events/${seq}/raw`, signal);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { state: 'ready', bytes, text: decodeText(bytes) };
}

function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
