import Link from 'next/link';
import { Badge } from '../../_ui/badge.tsx';
import type { SearchHit, SearchPlace, SearchResult } from './use-search.ts';

const SOURCES: Readonly<Record<SearchHit['source'], string>> = {
  text: 'said',
  arguments: 'arguments',
  output: 'output',
  error: 'error',
  response_error: 'failed response',
  transcription_error: 'failed transcription',
  item_error: 'failed',
};

/** The moments in which it was said, and the things that have a pasted id; each leads to its message. */
export function SearchHits({ result }: { readonly result: SearchResult }) {
  const { places, hits, nextCursor } = result;
  if (places.length === 0 && hits.length === 0) return null;
  return (
    <section aria-label="Moments" className="max-h-60 shrink-0 overflow-y-auto border-b bg-raised/40" data-testid="search-hits">
      <ul className="divide-y">
        {places.map((place) => (
          <li key={`${place.kind} ${place.sessionId} ${place.seq}`}>
            <PlaceLine place={place} />
          </li>
        ))}
        {hits.map((hit) => (
          <li key={`${hit.sessionId} ${hit.source} ${hit.seq} ${hit.id}`}>
            <HitLine hit={hit} />
          </li>
        ))}
      </ul>
      {nextCursor === null ? null : (
        <p className="px-4 py-1.5 text-muted text-xs">More was found in older sessions, listed below.</p>
      )}
    </section>
  );
}

function PlaceLine({ place }: { readonly place: SearchPlace }) {
  return (
    <Link href={place.link} prefetch={false} className="flex items-center gap-2 px-4 py-1.5 text-xs hover:bg-hover">
      <Badge tone="accent">{place.kind}</Badge>
      <code className="truncate">{place.id}</code>
      <span className="ml-auto shrink-0 text-muted">{place.seq === null ? 'open' : `#${place.seq}`}</span>
    </Link>
  );
}

function HitLine({ hit }: { readonly hit: SearchHit }) {
  return (
    <Link href={hit.link} prefetch={false} className="flex items-center gap-2 px-4 py-1.5 text-xs hover:bg-hover">
      <Badge tone={hit.source.endsWith('error') ? 'error' : 'plain'} className="shrink-0">
        {hit.who === null ? SOURCES[hit.source] : `${hit.who} · ${SOURCES[hit.source]}`}
      </Badge>
      <span className="truncate">
        {hit.snippet.map(({ text, isHit }, index) =>
          isHit ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in order
            <mark key={index} className="rounded-sm bg-accent-soft font-medium text-accent">
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </span>
      <span className="ml-auto shrink-0 text-muted">
        <span className="font-mono text-2xs text-faint max-sm:hidden">…{hit.sessionId.slice(-6)}</span> #{hit.seq}
      </span>
    </Link>
  );
}
