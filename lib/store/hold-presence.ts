import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** First key of the advisory locks that stand for workers. */
export const PRESENCE_SPACE = 7_021_908;

const RETRY_MS = 500;
const CONNECT_WITHIN_MS = 5000;

/** A connection that says of some workers that they are there. */
export interface Presence {
  /** Says so of one more. */
  add(name: string): void;
  close(): Promise<void>;
}

/**
 * Holds one advisory lock per worker for as long as this process lives: the server gives them back the moment the process is gone,
 * however it went. A connection that breaks is made anew with all of them.
 */
export function holdPresence(url: string): Presence {
  const names = new Set<string>();
  const stop = new AbortController();
  let client: pg.Client | null = null;
  /** One after the other: a connection runs one query at a time. */
  let claiming: Promise<unknown> = Promise.resolve();
  const claim = (held: pg.Client, name: string) => {
    const query = () => held.query('select pg_advisory_lock_shared($1, hashtext($2))', [PRESENCE_SPACE, name]);
    claiming = claiming.then(query).catch(() => undefined);
  };
  const run = async () => {
    while (!stop.signal.aborted) {
      const next = new pg.Client({
        connectionString: url,
        application_name: 'deltascope-alerter',
        keepAlive: true,
        connectionTimeoutMillis: CONNECT_WITHIN_MS,
      });
      const ended = new Promise<void>((resolve) => {
        for (const event of ['error', 'end'] as const) next.once(event, () => resolve());
        stop.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      const isOpen = await next.connect().then(
        () => true,
        () => false,
      );
      if (isOpen) {
        client = next;
        for (const name of names) claim(next, name);
        await ended;
        client = null;
      }
      await next.end().catch(() => undefined);
      await sleep(RETRY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    add: (name) => {
      names.add(name);
      if (client !== null) claim(client, name);
    },
    close: async () => {
      stop.abort();
      await running;
    },
  };
}
