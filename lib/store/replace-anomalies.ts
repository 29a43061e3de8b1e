import type { SessionId } from '#lib/base/brand.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import type { AnomalyCounts } from '#lib/session/view.ts';
import { cleanJson } from './clean-json.ts';
import { COMMIT_CHANNEL } from './commit-batch.ts';
import type { Store } from './connect.ts';
import { runStatements } from './run-statements.ts';
import type { PreparedStatement } from './table-write.ts';
import { prepareRows } from './table-write.ts';
import { UPSERT_ANOMALIES } from './write-anomalies.ts';
import { prepareRuleFacets } from './write-search.ts';

/** All that the rules find in a session that has ended. */
export interface AnomalyReplacement {
  readonly sessionId: SessionId;
  readonly anomalies: readonly FoundAnomaly[];
  readonly counts: AnomalyCounts;
  /** New id → id of the same finding under an older version of its rule: what a person said of that holds on. */
  readonly continued: ReadonlyMap<string, string>;
}

/** Puts these anomalies in the place of those of a session, in one transaction; what a person said of one that stays is kept, and nobody is alerted. */
export async function replaceAnomalies(store: Store, replacement: AnomalyReplacement): Promise<void> {
  const { sessionId, anomalies, counts, continued } = replacement;
  const ids = anomalies.map(({ id }) => id);
  const carry: PreparedStatement = {
    sql: `update anomaly as fresh set state = old.state, muted_until = old.muted_until, state_changed_at = old.state_changed_at,
        found_at = old.found_at
      from unnest($2::text[], $3::text[]) as pair(fresh_id, old_id)
      join anomaly as old on old.session_id = $1::uuid and old.id = pair.old_id
      where fresh.session_id = $1::uuid and fresh.id = pair.fresh_id`,
    parameters: [sessionId, [...continued.keys()], [...continued.values()]],
  };
  const rename: PreparedStatement = {
    sql: `update alert_inbox set anomaly_id = pair.fresh_id from unnest($2::text[], $3::text[]) as pair(fresh_id, old_id)
      where session_id = $1::uuid and anomaly_id = pair.old_id`,
    parameters: carry.parameters,
  };
  await runStatements(store, [
    ...prepareRows(
      UPSERT_ANOMALIES,
      anomalies.map((view) => ({ sessionId, view })),
    ),
    ...(continued.size === 0 ? [] : [carry]),
    // It is no news: alerts tell of what happens. What a trigger of this transaction left there has its time.
    { sql: 'delete from alert_inbox where session_id = $1::uuid and noticed_at = now()', parameters: [sessionId] },
    // What waited there before waits on, as long as it did.
    ...(continued.size === 0 ? [] : [rename]),
    { sql: 'delete from anomaly where session_id = $1::uuid and id <> all($2::text[])', parameters: [sessionId, ids] },
    ...prepareRuleFacets(sessionId),
    { sql: 'update session set anomalies = $2::jsonb where id = $1::uuid', parameters: [sessionId, cleanJson(counts)] },
    {
      sql: `select pg_notify('${COMMIT_CHANNEL}', json_build_array(json_build_array(id, last_seq))::text) from session where id = $1::uuid`,
      parameters: [sessionId],
    },
  ]);
}
