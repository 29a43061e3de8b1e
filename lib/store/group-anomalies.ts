import type { WallMicros } from '#lib/base/brand.ts';
import type { AnomalyGroup, AnomalyState, Severity } from '#lib/session/view.ts';
import { IS_DECIDED } from './anomaly-decision.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { ANOMALY_COLUMNS } from './list-anomalies.ts';
import { readRows } from './read-rows.ts';
import { cleanText } from './sanitise.ts';

export interface AnomalyGroupRequest {
  /** Groups after this one: `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly rule?: string | undefined;
  readonly severity?: readonly Severity[] | undefined;
  /** `open` leaves out what was acknowledged, resolved, or is muted now. */
  readonly state?: AnomalyState | undefined;
  readonly provider?: string | undefined;
  readonly since?: WallMicros | undefined;
}

export interface AnomalyGroupPage {
  readonly groups: readonly AnomalyGroup[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** A muted anomaly is open again once its time is over; one found after its kind was acknowledged or muted is that as well. */
const STATE_NOW = Prisma.sql`(case when a.state = 'muted' and a.muted_until <= now() then 'open'
  when a.state = 'open' and ${IS_DECIDED} then d.state else a.state end)`;

/** Anomalies of all sessions by fingerprint, those found last first. */
export async function groupAnomalies(store: Store, request: AnomalyGroupRequest): Promise<AnomalyGroupPage> {
  const after = request.cursor === undefined ? Prisma.empty : afterCursor(request.cursor);
  const rows = await readRows<AnomalyGroup>(
    store,
    Prisma.sql`
      with found as (
        select a.fingerprint, count(*)::int as anomalies, count(distinct a.session_id)::int as sessions,
          count(*) filter (where ${STATE_NOW} = 'open')::int as open,
          (extract(epoch from min(a.found_at)) * 1000000)::bigint as first_found,
          (extract(epoch from max(a.found_at)) * 1000000)::bigint as last_found,
          (array_agg(${STATE_NOW} order by a.found_at desc, a.id))[1] as state,
          (array_agg(a.session_id order by a.found_at desc, a.id))[1] as session_id,
          (array_agg(a.id order by a.found_at desc, a.id))[1] as id
        from anomaly a left join anomaly_decision d on d.fingerprint = a.fingerprint ${whereOf(request)} group by a.fingerprint
      )
      select f.fingerprint as "fingerprint", e."ruleId", e.variant, e.severity, s.provider, s.api_version as "apiVersion", s.model,
        f.anomalies, f.sessions, f.open, f.state, f.first_found as "firstFoundAt", f.last_found as "lastFoundAt", row_to_json(e) as example
      from found f
      join session s on s.id = f.session_id
      join lateral (select ${ANOMALY_COLUMNS} from anomaly where session_id = f.session_id and id = f.id) e on true
      ${after} order by f.last_found desc, f.fingerprint limit ${request.limit + 1}`,
  );
  const groups = rows.slice(0, request.limit);
  const last = groups.at(-1);
  const hasMore = rows.length > request.limit && last !== undefined;
  return { groups, nextCursor: hasMore ? `${last.lastFoundAt}:${last.fingerprint}` : null };
}

function whereOf({ rule, severity, state, provider, since }: AnomalyGroupRequest): Prisma.Sql {
  const conditions: Prisma.Sql[] = [];
  if (rule !== undefined) conditions.push(Prisma.sql`a.rule_id = ${cleanText(rule)}`);
  if (severity !== undefined) conditions.push(Prisma.sql`a.severity = any(${[...severity]}::text[])`);
  if (state !== undefined) conditions.push(Prisma.sql`${STATE_NOW} = ${state}`);
  if (provider !== undefined) {
    conditions.push(
      Prisma.sql`exists (select 1 from session p where p.id = a.session_id and p.provider = ${cleanText(provider)})`,
    );
  }
  if (since !== undefined) conditions.push(Prisma.sql`a.found_at >= to_timestamp(${since}::numeric / 1000000)`);
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`where ${Prisma.join(conditions, ' and ')}`;
}

/** A cursor that is none begins at the start. */
function afterCursor(cursor: string): Prisma.Sql {
  const [, found, fingerprint] = /^(\d{1,16}):(.*)$/s.exec(cursor) ?? [];
  if (found === undefined || fingerprint === undefined) return Prisma.empty;
  return Prisma.sql`where f.last_found < ${Number(found)} or (f.last_found = ${Number(found)} and f.fingerprint > ${cleanText(fingerprint)})`;
}
