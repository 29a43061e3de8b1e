/** Makes what a packed copy cannot make for itself: the database client, the dashboard's build, and a list of the build's links. */
import { globSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { makeStepList } from '#workers/shared/step-list.ts';
import { ensureDashboardBuild } from '#workers/start/dashboard-build.ts';
import { ensureDatabaseClient } from '#workers/start/database-client.ts';

const steps = makeStepList(process.stderr);
await steps.run('database client', ensureDatabaseClient);
await steps.run('dashboard build', ensureDashboardBuild);

// npm packs no symbolic links; `workers/cli/unpack.mjs` puts them back.
const entries = globSync('.next/node_modules/{*,@*/*}', { cwd: ROOT_FOLDER, withFileTypes: true }).filter((entry) =>
  entry.isSymbolicLink(),
);
const links = entries.map((entry) => {
  const path = join(entry.parentPath, entry.name);
  return [path.slice(ROOT_FOLDER.length), readlinkSync(path)];
});
writeFileSync(join(ROOT_FOLDER, '.next/deltascope-links.json'), JSON.stringify(Object.fromEntries(links)));
