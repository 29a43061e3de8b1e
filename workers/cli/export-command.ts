import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Env } from '#lib/config/env.ts';
import { exportLines } from '#lib/import/export-session.ts';
import { streamExport } from '#lib/store/stream-export.ts';
import { readSessionArgument, unknownSession } from './session-argument.ts';
import { withDatabase } from './with-database.ts';

export interface ExportOptions {
  readonly session: string;
  /** File to write; null for standard output. */
  readonly out: string | null;
}

/** `deltascope export SESSION`: the session as NDJSON that comes back without loss; returns the exit code. */
export async function runExport(env: Env, { session, out }: ExportOptions): Promise<number> {
  const id = readSessionArgument(session);
  return withDatabase(env, async ({ store }) => {
    const parts = await streamExport(store, id);
    if (parts === null) throw unknownSession(id);
    if (out === null) await pipeline(exportLines(parts), process.stdout, { end: false });
    else await pipeline(exportLines(parts), createWriteStream(out));
    return 0;
  });
}
