'use client';

import { useEffect, useState } from 'react';
import type { SnippetPart } from '#lib/search/snippet.ts';
import { fetchJson } from '../../_live/fetch-json.ts';
import { liveSocket } from '../../_live/socket.ts';

/** What `GET /api/v1/search` answers. */
export interface SearchResult {
  readonly places: readonly SearchPlace[];
  readonly hits: readonly SearchHit[];
  readonly nextCursor: string | null;
  readonly sessions: number;
  readonly facets: readonly Facet[];
}

export interface SearchPlace {
  readonly sessionId: string;
  readonly kind: 'session' | 'response' | 'item' | 'call' | 'event';
  readonly id: string;
  readonly seq: number | null;
  readonly link: string;
}

export interface SearchHit {
  readonly sessionId: string;
  readonly source: 'text' | 'transcription_error' | 'item_error' | 'arguments' | 'output' | 'response_error' | 'error';
  readonly id: string | null;
  readonly who: string | null;
  readonly seq: number;
  readonly snippet: readonly SnippetPart[];
  readonly link: string;
}

export interface Facet {
  readonly field: string;
  readonly value: string;
  readonly sessions: number;
}

export const NOTHING_FOUND: SearchResult = { places: [], hits: [], nextCursor: null, sessions: 0, facets: [] };

const TYPING_MS = 200;
/** While sessions change, counts are read again this often. */
const AGAIN_MS = 5_000;

/** Moments, places and counts for a query that can be read; what was found last stays until the next answer. */
export function useSearch(query: string): SearchResult {
  const [result, setResult] = useState(NOTHING_FOUND);
  const [again, setAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` asks for another read
  useEffect(() => {
    const abort = new AbortController();
    const read = () =>
      fetchJson<SearchResult>(`/api/v1/search?${new URLSearchParams({ q: query })}`, abort.signal).then(
        setResult,
        () => undefined,
      );
    const timer = setTimeout(() => void read(), query === '' ? 0 : TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, again]);

  useEffect(() => {
    const socket = liveSocket();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setAgain((count) => count + 1);
      }, AGAIN_MS);
    };
    socket.on('sessions:changed', wait);
    return () => {
      clearTimeout(timer);
      socket.off('sessions:changed', wait);
    };
  }, []);
  return result;
}

/** Values of all sessions, read once, for completions: those of the matching ones vanish while a term is half typed. */
export function useKnownValues(): readonly Facet[] {
  const [known, setKnown] = useState<readonly Facet[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    fetchJson<SearchResult>('/api/v1/search', abort.signal).then(
      ({ facets }) => setKnown(facets),
      () => undefined,
    );
    return () => abort.abort();
  }, []);
  return known;
}
