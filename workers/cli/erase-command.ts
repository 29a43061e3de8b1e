import type { Env } from '#lib/config/env.ts';
import { eraseSession } from '#lib/store/erase-session.ts';
import { findSession } from '#lib/store/find-session.ts';
import { readSessionArgument, unknownSession } from './session-argument.ts';
import { withDatabase } from './with-database.ts';

/** `deltascope erase SESSION`: deletes one session and everything that belongs to it; returns the exit code. */
export async function runErase(env: Env, session: string): Promise<number> {
  const id = readSessionArgument(session);
  return withDatabase(env, async ({ store }) => {
    if ((await findSession(store, id)) === null) throw unknownSession(id);
    await eraseSession(store, id);
    process.stdout.write(`Session ${id} is erased.\n`);
    return 0;
  });
}
