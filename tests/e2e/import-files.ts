import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { childEnv } from '#lib/config/env.ts';
import type { Stack } from '#tests/support/stack.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** Imports files as a person does, with the command; gives the ids of their sessions, also of those that were there before. */
export function importFiles(stack: Stack, files: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT_FOLDER, 'workers/cli/main.ts'), 'import', ...files], {
    encoding: 'utf8',
    env: childEnv({ DELTASCOPE_DATA_DIR: stack.folder, DATABASE_URL: undefined }),
    maxBuffer: 64 * 1024 ** 2,
  });
  const ids = new Set([...stdout.matchAll(/sessions\/([0-9a-f-]{36})/g)].map((match) => match[1] ?? ''));
  if (ids.size === 0) throw new Error(`The import did not say where the sessions are: ${stdout}${stderr}`);
  return [...ids];
}

/** Ids of the drawn sessions by folder and name: starting the command takes longer than most tests. */
const imported = new Map<string, string>();

/** Imports one of the drawn sessions of `tests/fixtures/sessions`, once for each stack. */
export function importFixture(stack: Stack, name: string): string {
  const key = join(stack.folder, name);
  const id = imported.get(key) ?? importFiles(stack, [join(ROOT_FOLDER, 'tests/fixtures/sessions', `${name}.jsonl`)])[0] ?? '';
  imported.set(key, id);
  return id;
}
