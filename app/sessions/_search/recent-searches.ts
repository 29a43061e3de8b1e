/** Searches of this browser, newest first. Where nothing can be kept (private windows), there are none. */

const KEY = 'deltascope.searches';
const MOST = 8;

/** The searches made last. */
export function readRecentSearches(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((query) => typeof query === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts a search on top. */
export function keepSearch(query: string): void {
  const text = query.trim();
  if (text === '') return;
  const kept = [text, ...readRecentSearches().filter((each) => each !== text)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Nothing is lost but a convenience.
  }
}
