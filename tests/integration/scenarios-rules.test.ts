import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#tests/support/eventually.ts';
import type { TestTap } from '#tests/support/tap.ts';
import { startTestTap } from '#tests/support/tap.ts';
import { makeTestStore } from '#tests/support/test-store.ts';
import type { Recorder } from '#workers/recorder/start-recorder.ts';
import { startRecorder } from '#workers/recorder/start-recorder.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { makeLogger } from '#workers/shared/logger.ts';
import { runDemo } from '#workers/simulator/demo.ts';
import { listScenarios } from '#workers/simulator/scenario.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

/** What a call raises, as the table of docs/rules/scenarios.md writes it: `rule/variant (severity)`. */
interface Raised {
  readonly call: string;
  readonly found: readonly string[];
}

const database = makeTestStore();
let simulator: Simulator;
let tap: TestTap;
let recorder: Recorder;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
  tap = await startTestTap({ upstreams: { simulator: { kind: 'simulator', url: `http://127.0.0.1:${simulator.port}` } } });
  recorder = startRecorder({
    store: database.store,
    log: makeLogger({ worker: 'recorder', level: 'warn' }),
    spool: 'scenarios',
    folder: tap.folder,
    limits: { rows: 2000, bytes: 8 * 1024 ** 2, ms: 100 },
  });
});

afterAll(async () => {
  await recorder.stop();
  await tap.drop();
  await simulator.close();
});

/** The rows of the table: scenario and dialect, and what it raises. */
function readTable(): Raised[] {
  const page = readFileSync(join(ROOT_FOLDER, 'docs/rules/scenarios.md'), 'utf8');
  return [...page.matchAll(/^\| ([a-z][\w-]*) \| (\S+) \| ([^|]+) \|/gm)].map(([, scenario, dialect, raises = '']) => ({
    call: `${scenario} in ${dialect}`,
    found: raises.trim() === 'nothing' ? [] : raises.trim().split(', '),
  }));
}

/** What the store holds of each call, a finding that was made three times as `3 × rule/variant (severity)`. */
async function readRaised(): Promise<Raised[]> {
  const { rows } = await database.seed.query(`
    select tags->>'scenario' || ' in ' || (tags->>'dialect') as call,
      (select coalesce(array_agg(case count when 1 then '' else count || ' × ' end || name order by name), '{}')
        from (select count(*), format('%s%s (%s)', rule_id, '/' || nullif(variant, 'default'), severity) as name
          from anomaly where session_id = session.id group by name) named) as found
    from session`);
  return rows;
}

const byCall = (one: Raised, other: Raised) => one.call.localeCompare(other.call);

it('the demo raises exactly what the table of scenarios says', async () => {
  const failures: string[] = [];
  const startedAt = performance.now();
  await runDemo({ tapUrl: tap.url(''), log: (line) => (line.startsWith('✗') ? failures.push(line) : undefined) });
  expect(failures).toEqual([]);
  process.stdout.write(`the demo took ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  const table = readTable();
  await eventually('all calls are stored as ended', async () => {
    const { rows } = await database.seed.query(`select count(*)::int as ended from session where status <> 'open'`);
    return rows[0].ended === table.length;
  });
  expect((await readRaised()).sort(byCall)).toEqual(table.sort(byCall));
}, 120_000);

it('the table has every scenario', () => {
  const named = readTable().map(({ call }) => call.split(' ')[0]);
  expect([...new Set(named)].sort()).toEqual(listScenarios());
});

it('a retired beta shows in the session itself: how it was closed, and by whom', async () => {
  const { rows } = await database.seed.query(
    `select close_code, close_reason, ended_by from session where tags->>'scenario' = 'retired-beta'`,
  );
  expect(rows).toMatchObject([{ close_code: 4000, close_reason: 'invalid_request_error.beta_api_shape_disabled' }]);
});
