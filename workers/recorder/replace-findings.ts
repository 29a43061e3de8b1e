import { withoutVersion } from '#lib/rules/anomaly-id.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import type { SessionState } from '#lib/session/fold.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import type { Store } from '#lib/store/connect.ts';
import { listAnomalies } from '#lib/store/list-anomalies.ts';
import { replaceAnomalies } from '#lib/store/replace-anomalies.ts';

/**
 * Puts what the rules of this version found in a stored session in the place of what was found in it before. What a person said of an
 * anomaly stays with it, also where its rule has a newer version.
 */
export async function replaceFindings(store: Store, { row }: SessionState, anomalies: readonly FoundAnomaly[]): Promise<void> {
  const continued = continuedOf(anomalies, await listAnomalies(store, row.id));
  await replaceAnomalies(store, { sessionId: row.id, anomalies, counts: row.anomalies, continued });
}

/** Which of the new anomalies are old ones of another version. */
function continuedOf(anomalies: readonly FoundAnomaly[], before: readonly AnomalyView[]): ReadonlyMap<string, string> {
  const known = new Set(before.map(({ id }) => id));
  const older = new Map(before.map(({ id }) => [withoutVersion(id), id]));
  return new Map(
    anomalies.flatMap(({ id }) => {
      const old = older.get(withoutVersion(id));
      return known.has(id) || old === undefined ? [] : [[id, old] as const];
    }),
  );
}
