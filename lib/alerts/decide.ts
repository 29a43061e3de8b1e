import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Severity } from '#lib/session/view.ts';
import type { AlertRule } from './alert-rule.ts';
import type { Incident, NoticeKind, Sight, TimelineEntry } from './incident.ts';
import { worseOf } from './severity.ts';

/**
 * The life of an incident.
 *
 *   (none) ──sighting──▶ open ──quiet for `quietMs`, or a person──▶ resolved (for good; a later sighting opens another)
 *                        │  ▲
 *                        └──┘ sighting: counted; worse than before: `escalated`;
 *                             still seen `renotifyMs` after the last notice: `renotified`
 *
 * Silence (of the rule or of the incident) keeps messages back, nothing else. Who was not told that an incident opened is told when the
 * silence ends, if it is still open then, and is not told that one has ended of which he never heard.
 * Every function gives the incident as it is then, and the message that is due.
 */
export interface Change {
  readonly incident: Incident;
  readonly notify: NoticeKind | null;
}

/** A place in a recording. */
export interface Place {
  readonly sessionId: SessionId;
  readonly seq: number;
}

/** What a rule saw just now. */
export interface Sighting {
  readonly fingerprint: string;
  readonly group: Readonly<Record<string, string>>;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly place: Place | null;
  /** How often it is there in all, where the sighting knows; null adds one. */
  readonly total: number | null;
}

/** What of a rule matters to an incident that is open. */
export type RulePace = Pick<AlertRule, 'renotifyMs' | 'quietMs' | 'silencedUntil'>;

const MAX_SIGHTS = 20;
const MAX_TIMELINE = 100;

/** The first sighting. `id` is the incident's, made by the caller. */
export function openIncident(
  sighting: Sighting,
  rule: AlertRule,
  { now, id }: { readonly now: WallMicros; readonly id: string },
): Change {
  const { fingerprint, group, severity, title, detail, place, total } = sighting;
  const incident: Incident = {
    id,
    ruleId: rule.id,
    ruleName: rule.name,
    fingerprint,
    group,
    state: 'open',
    severity,
    title,
    detail,
    occurrences: total ?? 1,
    openedAt: now,
    lastSeenAt: now,
    lastNotifiedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    silencedUntil: null,
    sights: withSight([], place, now),
    timeline: [{ at: now, kind: 'opened', text: title }],
  };
  return isSilenced(incident, rule, now) ? { incident, notify: null } : tell(incident, 'opened', now);
}

/** A further sighting of an open incident. */
export function seeAgain(incident: Incident, sighting: Sighting, rule: RulePace, now: WallMicros): Change {
  const { title, detail, place, total } = sighting;
  const severity = worseOf(incident.severity, sighting.severity);
  const seen: Incident = {
    ...incident,
    severity,
    lastSeenAt: now,
    occurrences: total ?? incident.occurrences + 1,
    sights: withSight(incident.sights, place, now),
    ...(severity === incident.severity && total === null ? {} : { title, detail }),
  };
  if (severity === incident.severity) return { incident: seen, notify: null };
  const escalated = withEntry(seen, { at: now, kind: 'escalated', text: `${incident.severity} → ${severity}: ${title}` });
  return isSilenced(incident, rule, now) || incident.lastNotifiedAt === null
    ? { incident: escalated, notify: null }
    : tell(escalated, 'escalated', now);
}

/** What is due because time has passed; null where nothing is. */
export function passTime(incident: Incident, rule: RulePace, now: WallMicros): Change | null {
  if (incident.state !== 'open') return null;
  if (now - incident.lastSeenAt >= rule.quietMs * 1000) return resolveIncident(incident, 'quiet', rule, now);
  if (isSilenced(incident, rule, now)) return null;
  if (incident.lastNotifiedAt === null) return tell(incident, 'opened', now);
  const isDue = rule.renotifyMs !== null && now - incident.lastNotifiedAt >= rule.renotifyMs * 1000;
  if (!isDue || incident.lastSeenAt <= incident.lastNotifiedAt) return null;
  const text = `Still going on: ${incident.occurrences} so far.`;
  return tell(withEntry(incident, { at: now, kind: 'renotified', text }), 'renotified', now);
}

const RESOLVED_TEXTS = {
  quiet: 'Resolved: nothing more was seen of it.',
  person: 'Resolved by hand.',
  rule: 'Resolved: its rule is off or gone.',
} as const;

/** The end of an incident. */
export function resolveIncident(incident: Incident, by: keyof typeof RESOLVED_TEXTS, rule: RulePace, now: WallMicros): Change {
  const resolved = withEntry(
    { ...incident, state: 'resolved', resolvedAt: now, resolvedBy: by },
    { at: now, kind: 'resolved', text: RESOLVED_TEXTS[by] },
  );
  const knowsNobody = incident.lastNotifiedAt === null || isSilenced(incident, rule, now);
  return knowsNobody ? { incident: resolved, notify: null } : tell(resolved, 'resolved', now);
}

/** Keeps messages of one incident back until a moment; null lets them through again. */
export function silenceIncident(incident: Incident, until: WallMicros | null, now: WallMicros): Incident {
  const text = until === null ? 'Messages are sent again.' : `No messages until ${new Date(until / 1000).toISOString()}.`;
  const kind = until === null ? 'unsilenced' : 'silenced';
  return withEntry({ ...incident, silencedUntil: until }, { at: now, kind, text });
}

/** Whether nobody is to be told now. */
export function isSilenced(incident: Incident, rule: RulePace, now: WallMicros): boolean {
  return [incident.silencedUntil, rule.silencedUntil].some((until) => until !== null && now < until);
}

function tell(incident: Incident, notify: NoticeKind, now: WallMicros): Change {
  return { incident: { ...incident, lastNotifiedAt: now }, notify };
}

function withEntry(incident: Incident, entry: TimelineEntry): Incident {
  const [first, ...rest] = [...incident.timeline, entry];
  return first === undefined ? incident : { ...incident, timeline: [first, ...rest.slice(1 - MAX_TIMELINE)] };
}

/** Keeps the first and the latest; the same place again adds nothing. */
function withSight(sights: readonly Sight[], place: Place | null, at: WallMicros): readonly Sight[] {
  const latest = sights.at(-1);
  if (place === null || (latest?.sessionId === place.sessionId && latest.seq === place.seq)) return sights;
  const [first, ...rest] = [...sights, { at, ...place }];
  return first === undefined ? [] : [first, ...rest.slice(1 - MAX_SIGHTS)];
}
