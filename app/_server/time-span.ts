import { DAY_MS } from '#lib/base/durations.ts';
import type { SessionSpan } from '#lib/session/sums.ts';

/** The last `days` days (UTC) up to the end of the present one. */
export function lastDays(days: number, nowMs: number): SessionSpan {
  const toMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  return { fromMs: toMs - days * DAY_MS, toMs };
}

/** The starts of the parts of a span. */
export function bucketsOf({ fromMs, toMs }: SessionSpan, bucketMs: number): readonly number[] {
  return Array.from({ length: Math.ceil((toMs - fromMs) / bucketMs) }, (_, index) => fromMs + index * bucketMs);
}
