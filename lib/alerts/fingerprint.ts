import { createHash } from 'node:crypto';

/** What is the same for all sightings of one incident, and for nothing else: the alert rule and the values that it groups by. */
export function fingerprintOf(alertRuleId: string, group: Readonly<Record<string, string>>): string {
  const keys = Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([alertRuleId, ...keys]))
    .digest('hex')
    .slice(0, 32);
}
