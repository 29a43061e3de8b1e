import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnpackedCopy, ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { FileLock } from '#workers/shared/file-lock.ts';
import type { Step } from '#workers/shared/step-list.ts';
import { holdBuild } from './hold-build.ts';
import { runTool } from './run-tool.ts';

/** What the dashboard is built from, as patterns in the program's folder. The packed copy has all of them too. */
const SOURCES = [
  'app/**/*',
  'lib/**/*.{ts,json}',
  'public/**/*',
  'prisma/schema.prisma',
  'next.config.ts',
  'postcss.config.*',
  'package.json',
];
const NOT_SOURCES = /\.test\.tsx?$|README\.md$|^lib\/store\/generated\//;

const NEXT = 'node_modules/next/dist/bin/next';

const BUILD = join(ROOT_FOLDER, '.next');
const STAMP = join(BUILD, 'deltascope-sources');

let lock: FileLock | null = null;

/**
 * Builds the dashboard where the build is missing or its sources have changed since, and keeps others from doing so while this process lives.
 * @throws DeltascopeError DS_START_BUILD_FAILED, or DS_START_BUILD_IN_USE where another process serves the build
 */
export async function ensureDashboardBuild(step: Step): Promise<void> {
  if (isUnpackedCopy()) return step.detail('as packed');
  lock ??= new FileLock(join(ROOT_FOLDER, '.cache', 'dashboard.lock'));
  const wasMade = await holdBuild(lock, { isFresh: () => isFresh(hashSources(ROOT_FOLDER)), make: () => build(step) });
  step.detail(wasMade ? 'built' : 'kept');
}

function isFresh(stamp: string): boolean {
  return existsSync(join(BUILD, 'BUILD_ID')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp;
}

async function build(step: Step): Promise<void> {
  const stamp = hashSources(ROOT_FOLDER);
  rmSync(STAMP, { force: true });
  await runTool(
    { product: 'dashboard', args: [NEXT, 'build'], env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } },
    step,
  );
  writeFileSync(STAMP, stamp);
}

/** A hash over the names and contents of everything that the build reads. */
export function hashSources(folder: string): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .filter((file) => !NOT_SOURCES.test(file));
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  return hash.digest('hex');
}
