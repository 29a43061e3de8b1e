import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../bench/relay/figures.ts';
import { percentile, printTable, ratioOf, readMeasurement } from '../../bench/relay/figures.ts';

const MAIN = fileURLToPath(new URL('../../bench/relay/main.ts', import.meta.url));
const LOAD = { sessions: 1, bytes: 300, rate: 50, ms: 1000, warmUpMs: 0 };

describe('the relay bench', () => {
  it('runs through the real tap, finds the same messages at both ends, and counts what was recorded', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--quick']);
    expect(stdout).toContain('equal in every session of every way');
    const [, recorded, relayed, lost] = /recorded (\d+) messages for the (\d+) it relayed .*lost: (\d+)/.exec(stdout) ?? [];
    expect(Number(relayed)).toBeGreaterThan(1000);
    expect(Number(recorded)).toBeGreaterThanOrEqual(Number(relayed));
    expect(lost).toBe('0');
  });

  it('refuses a measurement in which an end received something else than was sent', () => {
    const end = (sent: string, received: string) => [{ session: 0, sent, received, latenciesMs: [1] }];
    expect(() => readMeasurement(LOAD, end('a', 'b'), end('b', 'a'))).not.toThrow();
    expect(() => readMeasurement(LOAD, end('a', 'b'), end('b', 'x'))).toThrow('did not see the same messages');
    expect(() => readMeasurement(LOAD, end('a', 'x'), end('b', 'a'))).toThrow('did not see the same messages');
  });

  it('divides what ours adds by what the bare relay adds, and marks a saturated row void', () => {
    const at = (p50: number, p99: number, share = 1): Measurement => ({ p50, p99, share });
    const row = { load: LOAD, direct: at(0.1, 0.5), bare: at(0.3, 1.5), ours: at(0.35, 2) };
    expect(ratioOf(row, 'p50')).toBeCloseTo(0.25 / 0.2);
    expect(ratioOf(row, 'p99')).toBeCloseTo(1.5 / 1);
    expect(printTable([{ ...row, direct: at(0.1, 0.5, 0.5) }])).toContain('void');
    expect(percentile([3, 1, 2], 0.5)).toBe(2);
  });
});
