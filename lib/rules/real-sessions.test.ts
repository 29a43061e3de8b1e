import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { foldFile, readSession } from '#tests/support/golden.ts';

/** The shared recordings, where this checkout has them beside it. */
const TRAFFIC = join(import.meta.dirname, '../../../shared/traffic/sessions');
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/rules/real-sessions.md'), 'utf8');

/** The rows of the page's table, without their reasons. */
const listed = PAGE.split('\n')
  .filter((line) => /^\| [\w.-]+ \| [a-z]+-/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('every listed anomaly has a reason', () => {
  expect(listed.length).toBeGreaterThan(20);
  for (const [, , , , severity, , reason] of listed) {
    expect(reason).toMatch(/^(True|Expected)\b.{20,}/);
    if (severity === 'high' || severity === 'critical') expect(reason).toMatch(/^True/);
  }
});

it.skipIf(!existsSync(TRAFFIC))('exactly the listed anomalies are raised on the recordings', { timeout: 60_000 }, () => {
  const raised = readdirSync(TRAFFIC)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) =>
      foldFile(readSession(join(TRAFFIC, file))).anomalies.map(({ ruleId, variant, severity, evidence }) =>
        [file.slice(0, -'.jsonl'.length), ruleId, variant, severity, evidence.join(' ')].join(' | '),
      ),
    );
  expect(raised.sort()).toEqual(listed.map((cells) => cells.slice(1, 6).join(' | ')).sort());
});
