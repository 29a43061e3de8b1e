import type { AnomalyView } from '#lib/session/view.ts';

/** Rows of a session that are replaced by their key as they change, in the order of their `ordinal`. */
export interface Ordered {
  readonly ordinal: number;
}

/** Puts changed rows over held ones of the same ordinal; the same array where nothing changed. */
export function mergeRows<Row extends Ordered>(held: readonly Row[], changed: readonly Row[]): readonly Row[] {
  if (changed.length === 0) return held;
  const byOrdinal = new Map(held.map((row) => [row.ordinal, row]));
  for (const row of changed) byOrdinal.set(row.ordinal, row);
  return [...byOrdinal.values()].sort((left, right) => left.ordinal - right.ordinal);
}

/** Puts new and changed anomalies over held ones, in the order of what they are about. */
export function mergeAnomalies(held: readonly AnomalyView[], changed: readonly AnomalyView[]): readonly AnomalyView[] {
  if (changed.length === 0) return held;
  const byId = new Map(held.map((row) => [row.id, row]));
  for (const row of changed) byId.set(row.id, row);
  return [...byId.values()].sort((left, right) => left.fromSeq - right.fromSeq || (left.id < right.id ? -1 : 1));
}
