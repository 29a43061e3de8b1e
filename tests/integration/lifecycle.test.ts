import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { childEnv } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** A worker with two handlers, the second of which takes as long as it is told. */
const WORKER = `
import { onShutdown, runWorker } from '${ROOT_FOLDER}/workers/shared/lifecycle.ts';
import { DeltascopeError } from '${ROOT_FOLDER}/lib/base/errors.ts';
await runWorker('tested', async () => {
  if (process.argv[2] === 'refuse') throw new DeltascopeError('DS_CONFIG_UNPROTECTED', 'Like this.');
  onShutdown('first', () => process.stdout.write('first ended\\n'));
  onShutdown('second', async () => {
    await new Promise((resolve) => setTimeout(resolve, Number(process.argv[3])));
    process.stdout.write('second ended\\n');
  }, { withinMs: 2000 });
  if (process.argv[2] === 'crash') setTimeout(() => { throw new Error('a bug'); }, 10);
  setInterval(() => process.argv[2] === 'print' && process.stdout.write('a line\\n'), 20);
  process.stdout.write('running\\n');
});
`;

const folder = mkdtempSync(join(tmpdir(), 'deltascope-lifecycle-'));
const entry = join(folder, 'worker.ts');
writeFileSync(entry, WORKER);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the first signal runs the handlers, the last registered first, and ends with 0', async () => {
  const worker = await run('serve', 100);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(worker.output()).toMatch(/second ended\nfirst ended\n$/);
});

test('a second signal ends at once', async () => {
  const worker = await run('serve', 1900);
  worker.child.kill('SIGINT');
  await sleep(700);
  worker.child.kill('SIGINT');
  expect(await worker.ended).toBe(130);
  expect(worker.output()).not.toContain('ended\n');
});

test('the same signal twice within moments counts once: npm passes Ctrl-C on to who has it already', async () => {
  const worker = await run('serve', 100);
  worker.child.kill('SIGINT');
  worker.child.kill('SIGINT');
  expect(await worker.ended).toBe(0);
});

test('a handler that takes too long is left behind', async () => {
  const worker = await run('serve', 60_000);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(worker.output()).toContain('did not stop in time');
  expect(worker.output()).toMatch(/first ended\n$/);
});

test('a crash runs the handlers and ends with 1', async () => {
  const worker = await run('crash', 10);
  expect(await worker.ended).toBe(1);
  expect(worker.output()).toContain('a bug');
  expect(worker.output()).toMatch(/second ended\nfirst ended\n$/);
});

test('a refusal is one clear line and ends with 1', async () => {
  const worker = await run('refuse', 0);
  expect(await worker.ended).toBe(1);
  expect(worker.output()).toContain('DS_CONFIG_UNPROTECTED: Like this. Set DELTASCOPE_PASSWORD');
});

test('bad settings are one clear line before anything starts', async () => {
  const worker = await run('serve', 0, { DELTASCOPE_PORT: 'nonsense' });
  expect(await worker.ended).toBe(1);
  expect(worker.output()).toMatch(/^DS_CONFIG_INVALID: DELTASCOPE_PORT: /);
});

test('a worker ends when its supervisor is gone', async () => {
  const worker = await run('serve', 10);
  worker.child.disconnect();
  expect(await worker.ended).toBe(0);
  expect(worker.output()).toContain('the supervisor is gone');
});

test('a worker whose output nobody reads any more goes on, and ends as it is told', async () => {
  const worker = await run('print', 10, { DELTASCOPE_LOG_FORMAT: 'pretty' });
  for (const stream of [worker.child.stdout, worker.child.stderr]) stream?.destroy();
  await sleep(500);
  expect(worker.child.exitCode).toBeNull();
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

async function run(mode: string, delayMs: number, env: Record<string, string> = {}): Promise<Run> {
  const child = spawn(process.execPath, [entry, mode, String(delayMs)], {
    env: childEnv({ DELTASCOPE_LOG_FORMAT: 'json', DELTASCOPE_LOG_LEVEL: 'info', ...env }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part: string) => parts.push(part));
  const output = () => parts.join('');
  // Not `close`: Node does not emit it after `disconnect()`.
  const ended = Promise.all([once(child, 'exit'), once(child.stdout as Readable, 'close')]).then(
    ([[code]]) => code as number | null,
  );
  while (child.exitCode === null && !output().includes('running\n')) await sleep(10);
  return { child, ended, output };
}
