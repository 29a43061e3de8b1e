import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Severity } from '#lib/session/view.ts';
import type { AlertRule, AnomalyCondition, GroupKey, SessionFilter } from './alert-rule.ts';
import type { Sighting } from './decide.ts';
import { fingerprintOf } from './fingerprint.ts';
import { isAtLeast } from './severity.ts';

/** What alert rules may ask of a session. */
export interface SessionFields {
  readonly provider: string;
  readonly model: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** An anomaly as alert rules see it: with the words that its own rule has for it. */
export interface FoundAnomaly extends SessionFields {
  readonly sessionId: SessionId;
  /** When it was found: a rule that was made later says nothing of it. */
  readonly noticedAt: WallMicros;
  readonly seq: number;
  readonly ruleId: string;
  readonly severity: Severity;
  /** The same for the same finding in other sessions. */
  readonly fingerprint: string;
  readonly title: string;
  readonly why: string;
}

/** Whether a session is one of those that a rule looks at. */
export function matchesSession({ provider, model, tags }: SessionFilter, session: SessionFields): boolean {
  return (
    matchesText(provider, session.provider) &&
    matchesText(model, session.model) &&
    Object.entries(tags).every(([key, value]) => Object.hasOwn(session.tags, key) && matchesText(value, session.tags[key] ?? ''))
  );
}

/** Whether an anomaly is one of those that a condition speaks of. */
export function matchesAnomaly(condition: AnomalyCondition, anomaly: FoundAnomaly): boolean {
  const { minSeverity, ruleIds, where } = condition;
  return (
    isAtLeast(anomaly.severity, minSeverity) &&
    (ruleIds.length === 0 || ruleIds.includes(anomaly.ruleId)) &&
    matchesSession(where, anomaly)
  );
}

/** What an alert rule makes of an anomaly; null where it is not concerned. */
export function sightAnomaly(rule: AlertRule, anomaly: FoundAnomaly): Sighting | null {
  const { condition } = rule;
  if (condition.kind !== 'anomaly' || anomaly.noticedAt < rule.createdAt || !matchesAnomaly(condition, anomaly)) return null;
  const group = Object.fromEntries(rule.groupBy.map((key) => [key, groupValue(key, anomaly)]));
  const { severity, title, why, sessionId, seq } = anomaly;
  return {
    fingerprint: fingerprintOf(rule.id, group),
    group,
    severity,
    title,
    detail: why,
    place: { sessionId, seq },
    total: null,
  };
}

function groupValue(key: GroupKey, anomaly: FoundAnomaly): string {
  switch (key) {
    case 'finding':
      return anomaly.fingerprint;
    case 'rule':
      return anomaly.ruleId;
    case 'session':
      return anomaly.sessionId;
    case 'provider':
      return anomaly.provider;
    case 'model':
      return anomaly.model ?? '';
  }
}

function matchesText(pattern: string | null, text: string | null): boolean {
  if (pattern === null) return true;
  if (text === null) return false;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
