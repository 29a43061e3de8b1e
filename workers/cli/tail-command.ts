import { once } from 'node:events';
import type { SessionId } from '#lib/base/brand.ts';
import { coerceError } from '#lib/base/errors.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';
import type { Env } from '#lib/config/env.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { listRecentSessions } from '#lib/store/list-recent-sessions.ts';
import type { CommitNotice } from '#lib/store/listen-commits.ts';
import { listenCommits } from '#lib/store/listen-commits.ts';
import { readEvents } from '#lib/store/read-events.ts';
import { databaseUrl } from '#workers/shared/database-url.ts';
import { readSessionArgument } from './session-argument.ts';

const PAGE_EVENTS = 1000;

/** Sessions looked at when a notice does not say which ones changed. */
const RECENT_SESSIONS = 200;

const ARROWS = { client_to_server: '→', server_to_client: '←', unknown: '·' } as const;

/** `deltascope tail [SESSION]`: prints events as they are committed, of one session or of all, until Ctrl-C. */
export async function runTail(env: Env, session: string | null): Promise<number> {
  const only = session === null ? null : readSessionArgument(session);
  const url = databaseUrl(env);
  const store = connectStore({ url, maxConnections: 2 });
  const printed = new Map<SessionId, number>();
  for (const row of await listRecentSessions(store, RECENT_SESSIONS)) printed.set(row.id, row.lastSeq);
  let turn = Promise.resolve();
  const listener = listenCommits({
    url: env.DELTASCOPE_DATABASE_DIRECT_URL ?? url,
    onCommit: (notice) => {
      // A read that fails is made good by the next notice: the cursor has not moved.
      turn = turn.then(() => printNew(store, notice, only, printed)).catch(reportTrouble);
    },
  });
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await listener.close();
  await turn;
  await disconnectStore(store);
  return 0;
}

function reportTrouble(thrown: unknown): void {
  process.stderr.write(`The store does not answer, trying again: ${coerceError(thrown).message}\n`);
}

async function printNew(
  store: Store,
  notice: CommitNotice,
  only: SessionId | null,
  printed: Map<SessionId, number>,
): Promise<void> {
  const changed =
    notice === '*' ? await listRecentSessions(store, RECENT_SESSIONS) : notice.map(([id, lastSeq]) => ({ id, lastSeq }));
  for (const { id, lastSeq } of changed) {
    if (only === null || id === only) await printSession(store, id, lastSeq, printed);
  }
}

async function printSession(store: Store, id: SessionId, lastSeq: number, printed: Map<SessionId, number>): Promise<void> {
  let after = printed.get(id) ?? 0;
  while (after < lastSeq) {
    const events = await readEvents(store, { sessionId: id, after, limit: PAGE_EVENTS });
    for (const event of events) {
      const time = event.at === null ? '-' : toIsoTime(event.at).slice(11, 23);
      const type = event.type === '' ? `(${event.problem ?? 'unreadable'})` : event.type;
      process.stdout.write(`${time}  ${id.slice(-6)} ${event.seq}  ${ARROWS[event.direction]} ${type}  ${event.note ?? ''}\n`);
    }
    after = events.at(-1)?.seq ?? lastSeq;
  }
  printed.set(id, after);
}
