import type { WallMicros } from '#lib/base/brand.ts';
import { DAY_MS } from '#lib/base/durations.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';
import { readUsage } from '#lib/store/read-usage.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { READ_USAGE } from '../_api/operations.ts';
import { answer, replyJson } from '../_api/reply.ts';

const DEFAULT_SPAN_MS = 30 * DAY_MS;

export const GET = answer(READ_USAGE, async ({ query: { from, to, group } }) => {
  const toMs = to ?? Date.now();
  const fromMs = from ?? toMs - DEFAULT_SPAN_MS;
  const rows = await readUsage(sharedStore(), { fromMs, toMs }, group);
  return replyJson({ from: isoOf(fromMs), to: isoOf(toMs), group, rows });
});

function isoOf(ms: number): string {
  return toIsoTime((ms * 1000) as WallMicros);
}
