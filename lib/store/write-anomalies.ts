import type { FoundAnomaly } from '#lib/rules/detector.ts';
import { cleanJson } from './clean-json.ts';
import { cleanInt, cleanKey, cleanMicrosOrNull } from './sanitise.ts';
import type { Column } from './table-write.ts';
import { insertRows } from './table-write.ts';
import type { OfSession } from './write-responses.ts';

const COLUMNS: readonly Column<OfSession<FoundAnomaly>>[] = [
  { name: 'session_id', type: 'uuid', read: (row) => row.sessionId },
  { name: 'id', type: 'text', read: ({ view }) => cleanKey(view.id) },
  { name: 'rule_id', type: 'text', read: ({ view }) => view.ruleId },
  { name: 'rule_version', type: 'int4', read: ({ view }) => cleanInt(view.ruleVersion) },
  { name: 'severity', type: 'text', read: ({ view }) => view.severity },
  { name: 'variant', type: 'text', read: ({ view }) => view.variant },
  { name: 'fingerprint', type: 'text', read: ({ view }) => cleanKey(view.fingerprint) },
  { name: 'at', type: 'timestamptz', read: ({ view }) => cleanMicrosOrNull(view.at) },
  { name: 'from_seq', type: 'int4', read: ({ view }) => cleanInt(view.fromSeq) },
  { name: 'to_seq', type: 'int4', read: ({ view }) => cleanInt(view.toSeq) },
  { name: 'last_seq', type: 'int4', read: ({ view }) => cleanInt(view.lastSeq) },
  { name: 'evidence', type: 'text', read: ({ view }) => `{${view.evidence.map(cleanInt).join(',')}}`, cast: 'int4[]' },
  { name: 'values', type: 'text', read: ({ view }) => cleanJson(view.values), cast: 'jsonb' },
];

/** What a person said of an anomaly, and when it was first found, is never written here. */
const REFRESHED = COLUMNS.map(({ name }) => name).filter((name) => name !== 'session_id' && name !== 'id');

/** Writes anomalies; one that is known already, found again in a replay, keeps its state. */
export const UPSERT_ANOMALIES = insertRows(
  'anomaly',
  COLUMNS,
  `on conflict (session_id, id) do update set ${REFRESHED.map((name) => `${name} = excluded.${name}`).join(', ')}`,
);
