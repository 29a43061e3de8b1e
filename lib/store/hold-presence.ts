import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** First key of the advisory locks that stand for pools of workers. */
export const PRESENCE_SPACE = 7_021_908;

const RETRY_MS = 500;
const CONNECT_WITHIN_MS = 5000;

/** A connection that says of a pool of workers that it is there. */
export interface Presence {
  /** Says so from now on, by the name under which the pool takes jobs. */
  announce(name: string): void;
  close(): Promise<void>;
}

/**
 * Holds an advisory lock for as long as this process lives: the server gives it back the moment the process is gone, however it went. A
 * connection that breaks, or is not given its lock, is made anew.
 */
export function holdPresence(url: string): Presence {
  const stop = new AbortController();
  let client: pg.Client | null = null;
  let name: string | null = null;
  const claim = async (held: pg.Client) => {
    if (name === null) return;
    await held.query('select pg_advisory_lock_shared($1, hashtext($2))', [PRESENCE_SPACE, name]).catch(() => held.end());
  };
  const run = async () => {
    while (!stop.signal.aborted) {
      const next = new pg.Client({
        connectionString: url,
        application_name: 'deltascope-alerter',
        keepAlive: true,
        connectionTimeoutMillis: CONNECT_WITHIN_MS,
      });
      next.on('error', () => undefined);
      const isOpen = await next.connect().then(
        () => true,
        () => false,
      );
      if (isOpen) {
        // An error ends the wait as well.
        const ended = once(next, 'end', { signal: stop.signal }).catch(() => undefined);
        client = next;
        await claim(next);
        await ended;
        client = null;
      }
      await next.end().catch(() => undefined);
      await sleep(RETRY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    announce: (given) => {
      name = given;
      if (client !== null) void claim(client);
    },
    close: async () => {
      stop.abort();
      await running;
    },
  };
}
