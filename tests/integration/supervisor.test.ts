import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { freePorts } from '#tests/support/free-ports.ts';
import { makeLogger } from '#workers/shared/logger.ts';
import { Supervisor } from '#workers/start/supervisor.ts';
import type { WorkerSpec } from '#workers/start/worker-table.ts';

/** A worker of a few lines: answers `/readyz`, notes in a file when it starts and ends. */
const WORKER = `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
const note = (what) => appendFileSync(process.env.NOTES, process.env.NAME + ' ' + what + '\\n');
note('start ' + process.pid);
if (process.env.DIE) process.exit(3);
createServer((request, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1');
console.log('hello');
process.on('SIGTERM', () => setTimeout(() => { note('end'); process.exit(0); }, Number(process.env.SLOW ?? 0)));
process.on('disconnect', () => { note('alone'); process.exit(0); });
`;

const folder = mkdtempSync(join(tmpdir(), 'deltascope-supervisor-'));
const entry = join(folder, 'worker.mjs');
writeFileSync(entry, WORKER);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('workers start together and end one after the other, in the order of the table', async () => {
  const { supervisor, specs, notes, lines } = await prepare('order', [{ SLOW: '150' }, {}]);
  await Promise.all(specs.map((spec) => supervisor.start(spec)));
  await supervisor.stop(specs);
  expect(notes().filter((note) => note.endsWith('end'))).toEqual(['w0 end', 'w1 end']);
  expect(lines).toContain('w0: hello');
});

test('a worker that was killed is started again; the others are left alone', async () => {
  const { supervisor, specs, notes } = await prepare('restart', [{}, {}]);
  await Promise.all(specs.map((spec) => supervisor.start(spec)));
  process.kill(pidOf(notes(), 'w0'), 'SIGKILL');
  await until(() => notes().filter((note) => note.startsWith('w0 start')).length === 2);
  expect(notes().filter((note) => note.startsWith('w1 start'))).toHaveLength(1);
  await supervisor.stop(specs);
});

test('a worker that ends before it is ready fails the start with its name and status', async () => {
  const { supervisor, specs } = await prepare('early', [{ DIE: '1' }]);
  const start = Promise.all(specs.map((spec) => supervisor.start(spec)));
  await expect(start).rejects.toMatchObject({
    code: 'DS_START_WORKER_FAILED',
    message: expect.stringContaining('w0 ended with status 3'),
  });
});

test('a worker that does not end in its time is killed', async () => {
  const { supervisor, specs } = await prepare('stuck', [{ SLOW: '600000' }]);
  const quick = specs.map((spec) => ({ ...spec, stopWithinMs: 200 }));
  await Promise.all(quick.map((spec) => supervisor.start(spec)));
  // One that is left alone goes on for longer than this test may.
  await supervisor.stop(quick);
});

async function prepare(name: string, environments: readonly Record<string, string>[]) {
  const file = join(folder, `${name}.txt`);
  writeFileSync(file, '');
  const ports = await freePorts(environments.length);
  const lines: string[] = [];
  const specs: WorkerSpec[] = environments.map((env, index) => ({
    name: `w${index}`,
    entry,
    nodeFlags: [],
    env: { ...env, NAME: `w${index}`, NOTES: file, PORT: String(ports[index]) },
    host: '127.0.0.1',
    port: ports[index] ?? 0,
    stopWithinMs: 5000,
  }));
  const log = makeLogger({ worker: 'test', level: 'silent' });
  const supervisor = new Supervisor({ env: {}, log, onLine: (worker, line) => lines.push(`${worker}: ${line}`) });
  const notes = () => readFileSync(file, 'utf8').trim().split('\n');
  return { supervisor, specs, notes, lines };
}

function pidOf(notes: readonly string[], worker: string): number {
  return Number(notes.find((note) => note.startsWith(`${worker} start`))?.split(' ')[2]);
}

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('It did not happen within 10 s.');
    await sleep(20);
  }
}
