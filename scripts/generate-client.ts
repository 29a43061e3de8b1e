/**
 * Writes Prisma's client into `lib/store/generated` (not committed). Prisma 7's `generate` is pure WASM but still wants a
 * schema-engine binary to exist, and would download one; naming any existing file keeps it offline (docs/decisions).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childEnv } from '#lib/config/env.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const prisma = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url));

const run = spawnSync(process.execPath, [prisma, 'generate'], {
  cwd: root,
  encoding: 'utf8',
  env: childEnv({ PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }),
});
if (run.status !== 0) {
  process.stderr.write(`${run.stdout}${run.stderr}`);
  process.exit(1);
}

// By this `npm start` knows whether the client is that of the schema (`workers/start/database-client.ts`).
const schema = readFileSync(new URL('../prisma/schema.prisma', import.meta.url));
writeFileSync(new URL('../lib/store/generated/schema-hash', import.meta.url), createHash('sha256').update(schema).digest('hex'));
