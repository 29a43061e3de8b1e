import type { Incident, IncidentState } from '#lib/alerts/incident.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import { Prisma } from './generated/client.ts';
import type { RowReader } from './read-rows.ts';
import { readRows, selectList, timeOf } from './read-rows.ts';

const COLUMNS = Prisma.sql`${selectList(
  'id rule_id rule_name fingerprint state severity title detail occurrences resolved_by sights timeline',
  'opened_at last_seen_at last_notified_at resolved_at silenced_until',
)}, group_keys as "group"`;

export interface IncidentPage {
  readonly state?: IncidentState | undefined;
  /** Incidents that opened before this one only. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Incidents, the latest opened first. */
export async function listIncidents(store: RowReader, { state, before, limit }: IncidentPage): Promise<readonly Incident[]> {
  return readRows(
    store,
    Prisma.sql`select ${COLUMNS} from incident
      where (${state ?? null}::text is null or state = ${state ?? null})
        and (${before ?? null}::uuid is null
          or (incident.opened_at, id) < (select b.opened_at, b.id from incident b where b.id = ${before ?? null}::uuid))
      order by incident.opened_at desc, id desc limit ${limit}`,
  );
}

/** One incident, or null. */
export async function findIncident(store: RowReader, id: string): Promise<Incident | null> {
  const rows = await readRows<Incident>(store, Prisma.sql`select ${COLUMNS} from incident where id = ${id}::uuid`);
  return rows[0] ?? null;
}

/** The open incidents of some fingerprints, or all. */
export async function readOpenIncidents(store: RowReader, fingerprints: readonly string[] | 'all'): Promise<readonly Incident[]> {
  const only = fingerprints === 'all' ? Prisma.sql`true` : Prisma.sql`fingerprint = any(${[...fingerprints]}::text[])`;
  return readRows(
    store,
    Prisma.sql`select ${COLUMNS} from incident where state = 'open' and ${only} order by incident.opened_at`,
  );
}

/** The incidents that opened after a moment, the latest first, for whoever tells people of them as they happen. */
export async function readIncidentsAfter(store: RowReader, after: WallMicros, limit: number): Promise<readonly Incident[]> {
  return readRows(
    store,
    Prisma.sql`select ${COLUMNS} from incident where incident.opened_at > ${timeOf(after)} order by incident.opened_at desc limit ${limit}`,
  );
}
