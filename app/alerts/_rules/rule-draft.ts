import type { AlertCondition, AlertRuleDraft, GroupKey, ShareOf } from '#lib/alerts/alert-rule.ts';
import { MINUTE_MS } from '#lib/base/durations.ts';
import type { Severity } from '#lib/session/view.ts';
import type { RuleRow } from '../_data/rows.ts';

/** A rule as its form holds it: all as text, so that half-typed numbers stay. */
export interface RuleForm {
  readonly name: string;
  readonly kind: AlertCondition['kind'];
  readonly severity: Severity;
  /** Empty for all. */
  readonly ruleId: string;
  readonly of: ShareOf;
  readonly reason: string;
  readonly percent: string;
  readonly windowMinutes: string;
  readonly minResponses: string;
  readonly provider: string;
  readonly model: string;
  /** `key=value`, separated by commas. */
  readonly tags: string;
  /** In the language of search. */
  readonly query: string;
  readonly groupBy: GroupKey | 'nothing';
  readonly channelIds: readonly string[];
  /** Empty for never. */
  readonly renotifyMinutes: string;
  readonly quietMinutes: string;
}

export const NEW_RULE: RuleForm = {
  name: '',
  kind: 'anomaly',
  severity: 'high',
  ruleId: '',
  of: 'cancelled',
  reason: '',
  percent: '20',
  windowMinutes: '15',
  minResponses: '20',
  provider: '',
  model: '',
  tags: '',
  query: '',
  groupBy: 'finding',
  channelIds: [],
  renotifyMinutes: '240',
  quietMinutes: '60',
};

/** What the API is sent; it checks everything. */
export function toDraft(form: RuleForm): AlertRuleDraft {
  const where = {
    provider: textOrNull(form.provider),
    model: textOrNull(form.model),
    tags: readTags(form.tags),
    query: textOrNull(form.query),
  };
  const condition: AlertCondition =
    form.kind === 'anomaly'
      ? { kind: 'anomaly', minSeverity: form.severity, ruleIds: form.ruleId === '' ? [] : [form.ruleId], where }
      : {
          kind: 'share',
          of: form.of,
          reason: form.of === 'cancelled' ? textOrNull(form.reason) : null,
          above: Number(form.percent) / 100,
          windowMs: minutes(form.windowMinutes),
          minResponses: Number(form.minResponses),
          severity: form.severity,
          where,
        };
  const isUngrouped =
    form.groupBy === 'nothing' || (form.kind === 'share' && form.groupBy !== 'provider' && form.groupBy !== 'model');
  return {
    name: form.name,
    isEnabled: true,
    condition,
    channelIds: form.channelIds,
    groupBy: isUngrouped ? [] : [form.groupBy],
    renotifyMs: form.renotifyMinutes.trim() === '' ? null : minutes(form.renotifyMinutes),
    quietMs: minutes(form.quietMinutes),
  };
}

/** The form of a rule that exists. */
export function toForm({ name, condition, groupBy, channelIds, renotifyMs, quietMs }: RuleRow): RuleForm {
  const { where } = condition;
  return {
    ...NEW_RULE,
    ...(condition.kind === 'anomaly'
      ? { kind: 'anomaly', severity: condition.minSeverity, ruleId: condition.ruleIds[0] ?? '' }
      : {
          kind: 'share',
          severity: condition.severity,
          of: condition.of,
          reason: condition.reason ?? '',
          percent: String(condition.above * 100),
          windowMinutes: String(condition.windowMs / MINUTE_MS),
          minResponses: String(condition.minResponses),
        }),
    name,
    provider: where.provider ?? '',
    model: where.model ?? '',
    query: where.query ?? '',
    channelIds,
    groupBy: groupBy[0] ?? 'nothing',
    tags: Object.entries(where.tags)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    renotifyMinutes: renotifyMs === null ? '' : String(renotifyMs / MINUTE_MS),
    quietMinutes: String(quietMs / MINUTE_MS),
  };
}

const SHARES: Readonly<Record<ShareOf, string>> = {
  cancelled: 'cancelled',
  failed: 'failed',
  'missing-delta': 'without their deltas',
};

/** A rule's condition as a sentence. */
export function describeRule({ condition }: Pick<RuleRow, 'condition'>): string {
  const { where } = condition;
  const fields = [
    where.provider,
    where.model,
    ...Object.entries(where.tags).map(([key, value]) => `${key}=${value}`),
    where.query,
  ];
  const wanted = fields.filter((field) => field != null);
  const place = wanted.length === 0 ? '' : ` · ${wanted.join(' · ')}`;
  if (condition.kind === 'anomaly') {
    const what = condition.ruleIds.length === 0 ? 'Any anomaly' : condition.ruleIds.join(', ');
    return `${what}, ${condition.minSeverity} or worse${place}`;
  }
  const reason = condition.reason === null ? '' : ` (${condition.reason})`;
  const window = `${condition.windowMs / MINUTE_MS} min, of at least ${condition.minResponses}`;
  return `More than ${Math.round(condition.above * 1000) / 10} % of responses ${SHARES[condition.of]}${reason} in ${window}${place}`;
}

function minutes(text: string): number {
  return Math.round(Number(text) * MINUTE_MS);
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

function readTags(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => [pair.split('=', 1)[0]?.trim() ?? '', pair.slice(pair.indexOf('=') + 1).trim()]));
}
