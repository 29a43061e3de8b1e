/** Searches that this browser keeps, newest first. Where nothing can be kept (private windows), there are none. */

/** The few made last, and all that somebody saved. */
export type SearchShelf = 'recent' | 'saved';

const SHELVES: Readonly<Record<SearchShelf, { readonly key: string; readonly most: number }>> = {
  recent: { key: 'deltascope.searches', most: 8 },
  saved: { key: 'deltascope.saved-searches', most: Number.POSITIVE_INFINITY },
};

/** The searches of a shelf. */
export function readSearches(shelf: SearchShelf): readonly string[] {
  const { key, most } = SHELVES[shelf];
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((query) => typeof query === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

/** Puts a search on top of a shelf. */
export function keepSearch(shelf: SearchShelf, query: string): void {
  const text = query.trim();
  if (text !== '') write(shelf, [text, ...without(shelf, text)]);
}

/** Takes a search from a shelf. */
export function dropSearch(shelf: SearchShelf, query: string): void {
  write(shelf, without(shelf, query.trim()));
}

function without(shelf: SearchShelf, text: string): readonly string[] {
  return readSearches(shelf).filter((each) => each !== text);
}

function write(shelf: SearchShelf, queries: readonly string[]): void {
  const { key, most } = SHELVES[shelf];
  try {
    localStorage.setItem(key, JSON.stringify(queries.slice(0, most)));
  } catch {
    // Nothing is lost but a convenience.
  }
}
