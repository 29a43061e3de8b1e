import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { startTestTap } from '#tests/support/tap.ts';
import { SessionBook } from '#workers/recorder/session-book.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { runDemo } from '#workers/simulator/demo.ts';
import { listScenarios } from '#workers/simulator/scenario.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

/** Twice as fast as in life; the times of the records are stretched again before the rules see them. */
const PACE = 0.5;

let simulator: Simulator;
let tap: TestTap;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0, pace: PACE });
  tap = await startTestTap({ upstreams: { simulator: { kind: 'simulator', url: `http://127.0.0.1:${simulator.port}` } } });
});
afterAll(async () => {
  await tap.drop();
  await simulator.close();
});

it('each scenario raises exactly what docs/rules/scenarios.md says', { timeout: 180_000 }, async () => {
  expect(await runDemo({ tapUrl: tap.url(''), pace: PACE, log: () => undefined })).toBe(0);
  const raised = detect(await tap.recorded());
  expect(raised).toEqual(listed());
  expect([...new Set(raised.map((row) => row.split(' | ')[0]))].sort()).toEqual(listScenarios());
});

/** `scenario | dialect | findings`, as the table has them. */
function detect(records: readonly SpoolRecord[]): string[] {
  const book = new SessionBook('scenarios');
  const calls = new Map<string, string>();
  for (const record of records) {
    if (record.kind === 'session_open') {
      const { scenario, dialect } = record.capture.tags;
      calls.set(record.sessionId, `${scenario} | ${dialect}`);
    }
    book.take(stretched(record, records[0]?.at ?? null));
  }
  book.closeAllAsLost();
  const { anomalies } = book.takeChanges();
  return [...calls].map(([id, call]) => `${call} | ${describe(anomalies.filter((anomaly) => anomaly.sessionId === id))}`).sort();
}

function describe(anomalies: readonly FoundAnomaly[]): string {
  const names = anomalies.map(
    ({ ruleId, variant, severity }) => `${ruleId}${variant === 'default' ? '' : `/${variant}`} (${severity})`,
  );
  const counted = [...new Set(names)].sort().map((name) => [name, names.filter((one) => one === name).length] as const);
  return counted.map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ') || 'nothing';
}

function stretched(record: SpoolRecord, from: WallMicros | null): SpoolRecord {
  if (record.at === null || from === null) return record;
  return { ...record, at: Math.round(from + (record.at - from) / PACE) as WallMicros };
}

function listed(): string[] {
  return readFileSync(join(ROOT_FOLDER, 'docs/rules/scenarios.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| [a-z-]+ \| (ga|beta|azure)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, 4)
        .map((cell) => cell.trim())
        .join(' | '),
    )
    .sort();
}
