import { parseAsIsoDateTime, parseAsStringLiteral } from 'nuqs/server';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/base/durations.ts';
import type { SessionSpan } from '#lib/session/sums.ts';

/** How far back the overview looks, and the parts that its charts show. */
export const SPANS = {
  '1h': { lengthMs: HOUR_MS, partMs: 2 * MINUTE_MS, words: 'the last hour', before: 'the hour before' },
  '24h': { lengthMs: DAY_MS, partMs: HOUR_MS, words: 'the last 24 hours', before: 'the 24 before' },
  '7d': { lengthMs: 7 * DAY_MS, partMs: 6 * HOUR_MS, words: 'the last 7 days', before: 'the 7 before' },
  '30d': { lengthMs: 30 * DAY_MS, partMs: DAY_MS, words: 'the last 30 days', before: 'the 30 before' },
} as const;
export type SpanName = keyof typeof SPANS;
export const SPAN_NAMES = Object.keys(SPANS) as SpanName[];

/** The span, and the part of it that is chosen; both absent where nobody chose. */
export const spanParsers = {
  span: parseAsStringLiteral(SPAN_NAMES),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
};

/** The span that a page without a choice shows: the last hour while there is nothing older, so that first calls fill the charts. */
export function defaultSpan(firstSessionAt: number, nowMs: number): SpanName {
  return nowMs - firstSessionAt < HOUR_MS ? '1h' : '24h';
}

/** A span up to the end of the present part. */
export function spanUpTo(nowMs: number, name: SpanName): SessionSpan {
  const { lengthMs, partMs } = SPANS[name];
  const toMs = (Math.floor(nowMs / partMs) + 1) * partMs;
  return { fromMs: toMs - lengthMs, toMs };
}

/** The whole parts of `all` that the URL names; all of it where it names none, or none of these. */
export function chosenPart(all: SessionSpan, partMs: number, from: Date | null, to: Date | null): SessionSpan {
  const fromMs = Math.max(all.fromMs, Math.floor((from?.getTime() ?? all.fromMs) / partMs) * partMs);
  const toMs = Math.min(all.toMs, Math.ceil((to?.getTime() ?? all.toMs) / partMs) * partMs);
  return toMs > fromMs ? { fromMs, toMs } : all;
}
