import type { WallMicros } from '#lib/base/brand.ts';
import type { AnomalyGroup, AnomalyState, Severity } from '#lib/session/view.ts';
import { ANOMALIES_NOW, STATE_NOW } from './anomaly-decision.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { ANOMALY_COLUMNS } from './list-anomalies.ts';
import { readRows, timeOf } from './read-rows.ts';
import { cleanText } from './sanitise.ts';

export interface AnomalyGroupRequest {
  /** `nextCursor` of the page before: groups after its last, with what had been found when the first page was read. */
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

/** Anomalies of all sessions by fingerprint, those found last first. */
export async function groupAnomalies(store: Store, request: AnomalyGroupRequest): Promise<AnomalyGroupPage> {
  const cursor = readCursor(request.cursor);
  const rows = await readRows<AnomalyGroup>(
    store,
    Prisma.sql`
      with found as (
        select a.fingerprint, count(*)::int as anomalies, count(distinct a.session_id)::int as sessions,
          count(*) filter (where ${STATE_NOW} = 'open')::int as open,
          (extract(epoch from min(a.found_at)) * 1000000)::bigint as first_found,
          (extract(epoch from max(a.found_at)) * 1000000)::bigint as last_found,
          (array_agg(a.session_id order by a.found_at desc, a.id))[1] as session_id,
          (array_agg(a.id order by a.found_at desc, a.id))[1] as id
        from ${ANOMALIES_NOW} ${whereOf(request, cursor)} group by a.fingerprint
      )
      select f.fingerprint as "fingerprint", e."ruleId", e.variant, e.severity, s.provider, s.api_version as "apiVersion", s.model,
        f.anomalies, f.sessions, f.open, e.state, f.first_found as "firstFoundAt", f.last_found as "lastFoundAt", row_to_json(e) as example
      from found f
      join session s on s.id = f.session_id
      join lateral (select ${ANOMALY_COLUMNS} from ${ANOMALIES_NOW} where a.session_id = f.session_id and a.id = f.id) e on true
      ${afterCursor(cursor)} order by f.last_found desc, f.fingerprint limit ${request.limit + 1}`,
  );
  const groups = rows.slice(0, request.limit);
  const [first, last] = [groups[0], groups.at(-1)];
  if (rows.length <= request.limit || first === undefined || last === undefined) return { groups, nextCursor: null };
  return { groups, nextCursor: `${cursor?.asOf ?? first.lastFoundAt}:${last.lastFoundAt}:${last.fingerprint}` };
}

/** Where a page begins. What was found after the first page was read counts on no later one: it would move its group there. */
interface Cursor {
  /** The latest find of the first page. What was written then and not yet committed may still come in front of it. */
  readonly asOf: WallMicros;
  readonly found: number;
  readonly fingerprint: string;
}

/** A cursor that is none begins at the start. */
function readCursor(text: string | undefined): Cursor | null {
  const [, asOf, found, fingerprint] = /^(\d{1,16}):(\d{1,16}):(.*)$/s.exec(text ?? '') ?? [];
  return fingerprint === undefined ? null : { asOf: Number(asOf) as WallMicros, found: Number(found), fingerprint };
}

function whereOf({ rule, severity, state, provider, since }: AnomalyGroupRequest, cursor: Cursor | null): Prisma.Sql {
  const conditions: Prisma.Sql[] = cursor === null ? [] : [Prisma.sql`a.found_at <= ${timeOf(cursor.asOf)}`];
  if (rule !== undefined) conditions.push(Prisma.sql`a.rule_id = ${cleanText(rule)}`);
  if (severity !== undefined) conditions.push(Prisma.sql`a.severity = any(${[...severity]}::text[])`);
  if (state !== undefined) conditions.push(Prisma.sql`${STATE_NOW} = ${state}`);
  if (provider !== undefined) {
    conditions.push(
      Prisma.sql`exists (select 1 from session p where p.id = a.session_id and p.provider = ${cleanText(provider)})`,
    );
  }
  if (since !== undefined) conditions.push(Prisma.sql`a.found_at >= ${timeOf(since)}`);
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`where ${Prisma.join(conditions, ' and ')}`;
}

function afterCursor(cursor: Cursor | null): Prisma.Sql {
  if (cursor === null) return Prisma.empty;
  const { found, fingerprint } = cursor;
  return Prisma.sql`where f.last_found < ${found} or (f.last_found = ${found} and f.fingerprint > ${cleanText(fingerprint)})`;
}
