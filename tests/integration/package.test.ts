import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childEnv } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** The package as `npx deltascope` would find it: unpacked inside a `node_modules`, beside what it depends on. */
const folder = mkdtempSync(join(tmpdir(), 'deltascope-package-'));
const installed = join(folder, 'node_modules', 'deltascope');
const files: string[] = [];

beforeAll(() => {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [packed] = JSON.parse(
    execFileSync('npm', args, { cwd: ROOT_FOLDER, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  files.push(...packed.files.map((file: { path: string }) => file.path));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1']);
  linkDependencies();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package holds what a start needs, and no tests', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'workers/cli/deltascope.mjs',
      'workers/start/main.ts',
      'prisma/schema.prisma',
      'lib/store/generated/client.ts',
      'lib/protocol/catalogue/openai-realtime.json',
      'next.config.ts',
    ]),
  );
  expect(files.some((file) => file.startsWith('prisma/migrations/'))).toBe(true);
  expect(files.filter((file) => /\.test\.tsx?$|^(tests|bench|scripts)\//.test(file))).toEqual([]);
});

test('an installed copy runs although it lies in node_modules, where Node runs no TypeScript', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT_FOLDER, 'package.json'), 'utf8'));
  expect(runInstalled('--version').trim()).toBe(version);
});

test('a second run uses the same copy', () => {
  runInstalled('--version');
  expect(readdirSync(join(folder, 'cache', 'deltascope'))).toHaveLength(1);
});

test('an installed copy loads every part that the command line needs', () => {
  expect(runInstalled('import', '--help')).toContain('--again');
});

function runInstalled(...args: readonly string[]): string {
  const env = childEnv({ XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder });
  return execFileSync(process.execPath, [join(installed, 'workers/cli/deltascope.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
}

function linkDependencies(): void {
  const source = join(ROOT_FOLDER, 'node_modules');
  const names = readdirSync(source).filter((name) => !name.startsWith('.') && name !== 'deltascope');
  for (const name of names) symlinkSync(join(source, name), join(folder, 'node_modules', name));
}
