import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnpackedCopy, ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import type { Step } from '#workers/shared/step-list.ts';
import { runTool } from './run-tool.ts';

const GENERATED = join(ROOT_FOLDER, 'lib/store/generated');

/** Generates Prisma's client where it is missing or the schema has changed since. */
export async function ensureDatabaseClient(step: Step): Promise<void> {
  if (isUnpackedCopy()) return step.detail('as packed');
  const stampFile = join(GENERATED, 'schema-hash');
  const stamp = createHash('sha256')
    .update(readFileSync(join(ROOT_FOLDER, 'prisma/schema.prisma')))
    .digest('hex');
  const isThere = existsSync(join(GENERATED, 'client.ts'));
  if (isThere && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    return step.detail('kept');
  }
  await runTool({ product: 'database client', args: ['scripts/generate-client.ts'] }, step);
  step.detail('generated');
}
