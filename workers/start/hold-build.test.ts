import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { FileLock } from '#workers/shared/file-lock.ts';
import { holdBuild } from './hold-build.ts';

const folder = mkdtempSync(join(tmpdir(), 'deltascope-hold-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A build and its sources, as numbers, and who starts with them. */
function prepare(name: string) {
  const state = { sources: 1, built: 0, made: 0, making: 0 };
  const build = {
    isFresh: () => state.built === state.sources,
    make: async () => {
      state.making += 1;
      expect(state.making).toBe(1);
      await sleep(50);
      state.built = state.sources;
      state.made += 1;
      state.making -= 1;
    },
  };
  return { state, build, start: () => holdBuild(lock(), build), lock };
  function lock() {
    return new FileLock(join(folder, name));
  }
}

test('a stale build is made once, by however many start at once, and then shared', async () => {
  const { state, start } = prepare('once');
  const made = await Promise.all([start(), start(), start()]);
  expect(made.toSorted()).toEqual([false, false, true]);
  expect(state.made).toBe(1);
  expect(await start()).toBe(false);
});

test('a build that somebody serves is never changed; once he is gone it is', async () => {
  const { state, build, start, lock } = prepare('served');
  const serving = lock();
  await holdBuild(serving, build);
  state.sources = 2;
  await expect(start()).rejects.toMatchObject({ code: 'DS_START_BUILD_IN_USE' });
  expect(state.made).toBe(1);
  serving.release();
  expect(await start()).toBe(true);
});

test('a lock that cannot be had at all is no other start', async () => {
  writeFileSync(join(folder, 'nonsense'), 'no database'.repeat(100));
  await expect(prepare('nonsense').start()).rejects.toThrow('nonsense');
});

test('a build that fails leaves the way free', async () => {
  const { build, start, lock } = prepare('failing');
  await expect(holdBuild(lock(), { ...build, make: () => Promise.reject(new Error('no page')) })).rejects.toThrow('no page');
  expect(await start()).toBe(true);
});
