import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childEnv } from '#lib/config/env.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { startTestTap } from '#tests/support/tap.ts';
import { runDemo } from '#workers/simulator/demo.ts';
import { listScenarios } from '#workers/simulator/scenario.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

const PACE = 0.1;
const MAIN = fileURLToPath(new URL('../../workers/simulator/demo-main.ts', import.meta.url));

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

describe('the demo', () => {
  it('plays every scenario through the tap, which records each call with its tags', async () => {
    const lines: string[] = [];
    expect(await runDemo({ tapUrl: tap.url(''), pace: PACE, log: (line) => lines.push(line) })).toBe(0);
    const played = lines.flatMap((line) => /^✓ (\S+) /.exec(line)?.[1] ?? []);
    expect([...new Set(played)].sort()).toEqual(listScenarios());
    const opened = (await tap.recorded()).filter((record) => record.kind === 'session_open');
    expect(opened).toHaveLength(played.length);
    expect(opened.map(({ capture }) => capture.tags)).toContainEqual({ demo: 'true', scenario: 'barge-in', dialect: 'ga' });
  });

  it('says in one sentence per call that no tap is running, and fails', async () => {
    const run = promisify(execFile)(process.execPath, [MAIN], { env: childEnv({ DELTASCOPE_TAP_PORT: '1' }) });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ spoken-turn \(ga\): DS_SIMULATOR_CALL_STUCK: .*ECONNREFUSED/),
    });
  });
});
