import type { WallMicros } from '#lib/base/brand.ts';
import type { Severity } from '#lib/session/view.ts';

/** What a person wants to be told of. The API's schemas (`app/api/v1/_api/alert-schemas.ts`) and `alert_rule` of the store change with it. */

/** Which sessions a rule looks at; what is null looks at all. A `*` at the end of a text stands for any ending. */
export interface SessionFilter {
  readonly provider: string | null;
  readonly model: string | null;
  /** Every one of them must be there. */
  readonly tags: Readonly<Record<string, string>>;
  /** In the language of search (`docs/search.md`): the store decides, by what is recorded of the session at that moment. */
  readonly query?: string | null | undefined;
}

/** "An anomaly of severity ≥ x", optionally of some rules only. */
export interface AnomalyCondition {
  readonly kind: 'anomaly';
  readonly minSeverity: Severity;
  /** Ids of anomaly rules; empty for all. */
  readonly ruleIds: readonly string[];
  readonly where: SessionFilter;
}

/** What a share counts, out of all responses that ended within the window. */
export type ShareOf = 'cancelled' | 'failed' | 'missing-delta';

/** "More than this share of the responses of the last minutes …". */
export interface ShareCondition {
  readonly kind: 'share';
  readonly of: ShareOf;
  /** Only responses with this reason count as cancelled, e.g. `turn_detected`; null for any. */
  readonly reason: string | null;
  /** From 0 to 1; the share must be higher. */
  readonly above: number;
  readonly windowMs: number;
  /** With fewer responses than this the share says nothing. */
  readonly minResponses: number;
  /** How much an incident of it matters. */
  readonly severity: Severity;
  readonly where: SessionFilter;
}

export type AlertCondition = AnomalyCondition | ShareCondition;

/** What tells incidents of one rule apart. `finding`: the anomaly's own fingerprint. */
export type GroupKey = 'finding' | 'rule' | 'session' | 'provider' | 'model';

/** A rule as it is stored. */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly condition: AlertCondition;
  /** Empty: one incident at a time for the whole rule. */
  readonly groupBy: readonly GroupKey[];
  readonly channelIds: readonly string[];
  /** An incident that goes on is told of again after this long; null for never. */
  readonly renotifyMs: number | null;
  /** An incident resolves once nothing was seen of it for this long. */
  readonly quietMs: number;
  /** Until then nobody is told; incidents open and resolve all the same. */
  readonly silencedUntil: WallMicros | null;
  readonly createdAt: WallMicros;
  readonly updatedAt: WallMicros;
}

/** The part of a rule that a person writes. */
export type AlertRuleDraft = Omit<AlertRule, 'id' | 'createdAt' | 'updatedAt' | 'silencedUntil'>;

/** The kinds of channel. */
export type ChannelKind = 'webhook' | 'slack';

/** A channel as it may be shown: of its address only the beginning, of its secret nothing. */
export interface ChannelView {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  /** e.g. `https://hooks.slack.com/…` */
  readonly address: string;
  readonly isEnabled: boolean;
  readonly createdAt: WallMicros;
}

/** A channel with what only the alerter and the store may know. */
export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly url: string;
  /** Signs webhooks: `whsec_…`, and behind a space the one before it, where there was one. Null for Slack. */
  readonly secret: string | null;
  readonly isEnabled: boolean;
}
