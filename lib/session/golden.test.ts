import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtureNames, GOLDEN, goldenText, readSession } from '#tests/support/golden.ts';

/** The shared recordings, where this checkout has them beside it. */
const TRAFFIC = join(import.meta.dirname, '../../../shared/traffic/sessions');

describe('our fixture sessions', () => {
  it.each(fixtureNames())('%s folds to what its golden file says', (name) => {
    expect(goldenText(name)).toBe(readFileSync(join(GOLDEN, `${name}.json`), 'utf8'));
  });

  it('have no golden file too many', () => {
    const golden = readdirSync(GOLDEN).map((file) => file.replace(/\.json$/, ''));
    expect(golden.sort()).toEqual(fixtureNames());
  });
});

describe('recorded traffic', () => {
  const files = existsSync(TRAFFIC) ? readdirSync(TRAFFIC).filter((file) => file.endsWith('.jsonl')) : [];

  it.skipIf(files.length === 0)('ends its responses as a plain count of its lines says', async () => {
    const { foldFile } = await import('#tests/support/golden.ts');
    for (const file of files) {
      const lines = readSession(join(TRAFFIC, file));
      const { session } = foldFile(lines);
      const { completed, cancelled, failed, incomplete, cancelledByReason, events } = session.counts;
      const folded = {
        completed,
        cancelled,
        failed,
        incomplete,
        cancelledByReason,
        events,
        totalTokens: session.usage.totalTokens,
      };
      expect({ file, ...folded }).toEqual({ file, ...countPlainly(lines) });
    }
  });
});

/** The same figures by another way: each response once, by the last words of its terminal event. */
function countPlainly(lines: ReturnType<typeof readSession>): Record<string, unknown> {
  const counts: Record<string, number> = { completed: 0, cancelled: 0, failed: 0, incomplete: 0 };
  const cancelledByReason: Record<string, number> = {};
  const seen = new Set<string>();
  let totalTokens = 0;
  for (const { event } of lines) {
    if (!/^response\.(done|completed|incomplete|failed)$/.test(String(event['type']))) continue;
    const response = event['response'] as Record<string, never> | undefined;
    if (response?.['id'] === undefined || seen.has(response['id'])) continue;
    seen.add(response['id']);
    const status = String(response['status'] ?? '');
    counts[status] = (counts[status] ?? 0) + 1;
    const reason = (response['status_details'] as { reason?: string } | undefined)?.reason;
    if (status === 'cancelled') cancelledByReason[reason ?? 'unknown'] = (cancelledByReason[reason ?? 'unknown'] ?? 0) + 1;
    totalTokens += tokensOf(response['usage']) || tokensOf(event['usage']);
  }
  return { ...counts, cancelledByReason, events: lines.length, totalTokens };
}

/** Shortened recordings may lack the total. */
function tokensOf(usage: unknown): number {
  const { total_tokens, input_tokens, output_tokens } = (usage ?? {}) as Record<string, number>;
  return total_tokens ?? (input_tokens ?? 0) + (output_tokens ?? 0);
}
