import type { AlertRule, ShareCondition } from './alert-rule.ts';
import type { Place, Sighting } from './decide.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { SessionFields } from './matching.ts';
import { matchesSession } from './matching.ts';

/** The responses of one kind of session that ended within a window. */
export interface ResponseTally extends SessionFields {
  readonly responses: number;
  /** Those that the share counts. */
  readonly counted: number;
  /** Where the latest of those is; null where there is none. */
  readonly place: Place | null;
}

const WORDS: Readonly<Record<ShareCondition['of'], string>> = {
  cancelled: 'cancelled responses',
  failed: 'failed responses',
  'missing-delta': 'responses without their deltas',
};

/** What a rule over a share makes of the window: one sighting for each group whose share is too high. */
export function sightShares(rule: AlertRule, tallies: readonly ResponseTally[]): readonly Sighting[] {
  const { condition } = rule;
  if (condition.kind !== 'share') return [];
  const groups = new Map<string, { readonly group: Readonly<Record<string, string>>; readonly members: ResponseTally[] }>();
  for (const tally of tallies) {
    if (!matchesSession(condition.where, tally)) continue;
    const group = groupOf(rule, tally);
    const key = fingerprintOf(rule.id, group);
    const held = groups.get(key) ?? { group, members: [] };
    held.members.push(tally);
    groups.set(key, held);
  }
  return [...groups].flatMap(([fingerprint, { group, members }]) => sightGroup(condition, fingerprint, group, members));
}

function sightGroup(
  condition: ShareCondition,
  fingerprint: string,
  group: Readonly<Record<string, string>>,
  members: readonly ResponseTally[],
): readonly Sighting[] {
  const responses = sum(members.map((member) => member.responses));
  const counted = sum(members.map((member) => member.counted));
  if (responses < condition.minResponses || responses === 0 || counted / responses <= condition.above) return [];
  const reason = condition.reason === null ? '' : ` (${condition.reason})`;
  const place = members.findLast((member) => member.place !== null)?.place ?? null;
  const title = `${percent(counted / responses)} ${WORDS[condition.of]}${reason}`;
  const detail = `${counted} of ${responses} responses of the last ${describeMs(condition.windowMs)}; more than ${percent(condition.above)} raises this.`;
  return [{ fingerprint, group, severity: condition.severity, title, detail, place, total: counted }];
}

/** A share has no finding of its own: it groups by what sessions have. */
function groupOf(rule: AlertRule, { provider, model }: SessionFields): Readonly<Record<string, string>> {
  return {
    ...(rule.groupBy.includes('provider') ? { provider } : {}),
    ...(rule.groupBy.includes('model') ? { model: model ?? '' } : {}),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function describeMs(ms: number): string {
  return ms < 120_000
    ? `${Math.round(ms / 1000)} s`
    : ms < 7_200_000
      ? `${Math.round(ms / 60_000)} min`
      : `${Math.round(ms / 3_600_000)} h`;
}
