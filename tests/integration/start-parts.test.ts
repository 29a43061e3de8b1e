import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { parseEnv } from '#lib/config/env.ts';
import { ensureDatabase } from '#lib/store/ensure-database.ts';
import { freePorts } from '#tests/support/free-ports.ts';
import { isLinux, listCommands } from '#tests/support/processes.ts';
import { makeTempFolder } from '#tests/support/temp-folder.ts';
import { databaseUrl } from '#workers/shared/database-url.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { runTool } from '#workers/start/run-tool.ts';
import { claimPorts } from '#workers/start/settings.ts';

const folder = makeTempFolder('parts');
const settings = { fsync: 'off' };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a data folder that PostgreSQL cannot read is a clear failure', async () => {
  const broken = join(folder, 'broken');
  mkdirSync(join(broken, 'data'), { recursive: true });
  writeFileSync(join(broken, 'data', 'PG_VERSION'), 'nonsense');
  writeFileSync(join(broken, 'password'), 'x');
  await expect(startEmbeddedPostgres({ folder: broken })).rejects.toMatchObject({ code: 'DS_START_POSTGRES_FAILED' });
});

test('a database whose password is gone is kept, and one that was never finished is made anew', async () => {
  const data = join(folder, 'kept');
  mkdirSync(join(data, 'data.unfinished'), { recursive: true });
  writeFileSync(join(data, 'data.unfinished', 'PG_VERSION'), '18');
  await (await startEmbeddedPostgres({ folder: data, settings })).stop();
  const password = readFileSync(join(data, 'password'), 'utf8');
  rmSync(join(data, 'password'));
  await expect(startEmbeddedPostgres({ folder: data })).rejects.toMatchObject({ code: 'DS_START_POSTGRES_FAILED' });
  writeFileSync(join(data, 'password'), password);
  await (await startEmbeddedPostgres({ folder: data, settings })).stop();
});

test('a server is found by its folder, taken over by who starts it again, and keeps its port', async () => {
  const data = join(folder, 'postgres');
  const first = await startEmbeddedPostgres({ folder: data, settings });
  const second = await startEmbeddedPostgres({ folder: data, settings });
  expect(second.url).toBe(first.url);
  expect(second.process).toBeNull();
  await stopEmbeddedPostgres(data, 'fast');
  const third = await startEmbeddedPostgres({ folder: data, settings });
  expect(third.port).toBe(first.port);
  await third.stop();
});

test.runIf(isLinux)('a start that is given up rejects when nothing is left of its server', async ({ signal }) => {
  const data = join(folder, 'given-up');
  await (await startEmbeddedPostgres({ folder: data, settings })).stop();
  const giving = new AbortController();
  const starting = startEmbeddedPostgres({ folder: data, settings, signal: giving.signal });
  const rejected = expect(starting).rejects.toThrow();
  while (listCommands(data).length === 0 && !signal.aborted) await nextTurn();
  giving.abort();
  await rejected;
  expect(listCommands(data)).toEqual([]);
});

test('without DATABASE_URL and without a running server there is no database', () => {
  const env = parseEnv({ DELTASCOPE_DATA_DIR: join(folder, 'nothing') });
  expect(() => databaseUrl(env)).toThrow(expect.objectContaining({ code: 'DS_STORE_UNREACHABLE' }));
});

test('a database that does not answer is said so, with its host but not its password', async () => {
  const [port] = await freePorts(1);
  const waiting = ensureDatabase(`postgresql://someone:secret@127.0.0.1:${port}/deltascope`, 200);
  await expect(waiting).rejects.toMatchObject({ code: 'DS_STORE_UNREACHABLE', message: expect.not.stringContaining('secret') });
});

test('a build tool that fails is named by what it makes; its output goes to the step', async () => {
  const output: string[] = [];
  const step = { output: (text: string) => void output.push(text), detail: () => undefined };
  const run = runTool({ product: 'dashboard', args: ['-e', 'console.error("no page"); process.exit(2)'] }, step);
  await expect(run).rejects.toMatchObject({
    code: 'DS_START_BUILD_FAILED',
    message: 'The dashboard could not be made (status 2).',
  });
  expect(output.join('')).toBe('no page\n');
});

test('two settings may not name the same port', async () => {
  const [port = 0] = await freePorts(1);
  const env = parseEnv({
    ...Object.fromEntries(
      ['', '_TAP_TLS', '_RECORDER', '_ALERTER', '_SIMULATOR_TLS'].map((part) => [`DELTASCOPE${part}_PORT`, '0']),
    ),
    DELTASCOPE_TAP_PORT: String(port),
    DELTASCOPE_SIMULATOR_PORT: String(port),
  });
  await expect(claimPorts(env)).rejects.toThrow(`Port ${port} (DELTASCOPE_SIMULATOR_PORT) is taken.`);
});
