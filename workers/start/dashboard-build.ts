import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnpackedCopy, ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import type { Step } from '#workers/shared/step-list.ts';
import { withBuildLock } from './build-lock.ts';
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

/** Builds the dashboard where the build is missing or its sources have changed since. */
export async function ensureDashboardBuild(step: Step): Promise<void> {
  if (isUnpackedCopy()) return step.detail('as packed');
  await withBuildLock(join(ROOT_FOLDER, '.cache', 'dashboard-build.lock'), () => buildWhereStale(step));
}

async function buildWhereStale(step: Step): Promise<void> {
  const build = join(ROOT_FOLDER, '.next');
  const stampFile = join(build, 'deltascope-sources');
  const stamp = hashSources(ROOT_FOLDER);
  if (existsSync(join(build, 'BUILD_ID')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    return step.detail('kept');
  }
  rmSync(stampFile, { force: true });
  await runTool(
    { product: 'dashboard', args: [NEXT, 'build'], env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } },
    step,
  );
  writeFileSync(stampFile, stamp);
  step.detail('built');
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
