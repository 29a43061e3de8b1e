import type { UsageTotals } from '#lib/protocol/usage.ts';

/** Sums over many sessions, as the overview and the usage page show them. One home for these shapes, like `view.ts` for single rows. */

/** Sessions whose recording began in a span of time, in milliseconds since 1970; `toMs` is outside. */
export interface SessionSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is being recorded now; rates are averages over each call so far. */
export interface LiveNow {
  readonly sessions: number;
  readonly eventsPerSecond: number;
  /** US dollars by list prices, over the sessions whose price is known. */
  readonly costPerMinuteUsd: number;
}

/** What many sessions used and cost together, and how their responses ended. */
export interface UsageSums extends UsageTotals {
  readonly sessions: number;
  readonly responses: number;
  readonly completed: number;
  readonly cancelled: number;
  /** Cancelled because the caller spoke. */
  readonly turnDetected: number;
  readonly failed: number;
  /** US dollars by list prices, over the sessions whose price is known. */
  readonly costUsd: number;
  /** Sessions with tokens whose price is not known. */
  readonly unpriced: number;
  /** Part of `costUsd` that cancelled responses cost. */
  readonly wastedUsd: number;
  readonly wastedTokens: number;
}

/** What happened in one part of a span; sessions count where their recording began. */
export interface Activity extends UsageSums {
  /** Start of the part, in milliseconds since 1970. */
  readonly at: number;
  /** Those of severity `info` are known gaps of a provider and do not count. */
  readonly missingDeltas: number;
  readonly anomalies: number;
  /** Speech stop to first audio over all turns; null without such turns. */
  readonly voiceP50Ms: number | null;
  readonly voiceP95Ms: number | null;
}

/** How often a rule found something with one provider in one part of a span. */
export interface RuleRate {
  /** Start of the part, in milliseconds since 1970. */
  readonly at: number;
  readonly provider: string;
  readonly sessions: number;
  /** Sessions of those in which the rule found something. */
  readonly affected: number;
  readonly anomalies: number;
}

/** What usage can be told apart by. A session with several tags counts under each of them. */
export const USAGE_GROUPS = ['day', 'provider', 'model', 'tag'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Usage of one day (UTC, `2026-11-21`), provider, model or tag (`env=prod`); null where a session has none. */
export interface UsageRow extends UsageSums {
  readonly key: string | null;
}
