import type { SessionView } from '#lib/session/view.ts';

/** What the list holds: rows newest first, and newer ones that wait so that nothing moves under the reader's eyes. */
export interface SessionRows {
  readonly rows: readonly SessionView[];
  readonly waiting: readonly SessionView[];
}

export const NO_ROWS: SessionRows = { rows: [], waiting: [] };

/** Puts a further page of older sessions below. */
export function appendPage(held: SessionRows, page: readonly SessionView[]): SessionRows {
  const known = new Set(held.rows.map((row) => row.id));
  return { ...held, rows: [...held.rows, ...page.filter((row) => !known.has(row.id))] };
}

/**
 * Takes in sessions that appeared or changed. Known ones are replaced where they stand; new ones go on top,
 * or wait while `hold` (the reader has scrolled away from the top). Ids are UUIDv7: newer ones sort higher.
 */
export function mergeChanged(held: SessionRows, changed: readonly SessionView[], hold: boolean): SessionRows {
  const news = new Map(changed.map((row) => [row.id, row]));
  const rows = held.rows.map((row) => take(news, row));
  const waiting = held.waiting.map((row) => take(news, row));
  const oldest = rows.at(-1)?.id ?? '';
  const fresh = [...news.values()].filter((row) => row.id > oldest);
  if (hold) return { rows, waiting: sortNewest([...fresh, ...waiting]) };
  return { rows: sortNewest([...fresh, ...waiting, ...rows]), waiting: [] };
}

/** Shows what waited. */
export function releaseWaiting(held: SessionRows): SessionRows {
  return { rows: sortNewest([...held.waiting, ...held.rows]), waiting: [] };
}

function take(news: Map<string, SessionView>, row: SessionView): SessionView {
  const newer = news.get(row.id);
  news.delete(row.id);
  return newer ?? row;
}

function sortNewest(rows: readonly SessionView[]): SessionView[] {
  return rows.toSorted((left, right) => (left.id < right.id ? 1 : left.id > right.id ? -1 : 0));
}
