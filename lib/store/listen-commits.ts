import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { SessionId } from '#lib/base/brand.ts';
import { coerceError } from '#lib/base/errors.ts';
import { isSessionId } from '#lib/base/session-id.ts';
import { COMMIT_CHANNEL } from './commit-batch.ts';

/** The channel on which every commit of incidents is announced; without a payload. */
export const INCIDENT_CHANNEL = 'deltascope_incident';

/** Sessions that a commit touched, each with its last `seq`; `*` where it is not known which. */
export type CommitNotice = readonly (readonly [SessionId, number])[] | '*';

export interface ListenOptions {
  /** A direct connection: LISTEN does not work through a transaction pooler. */
  readonly url: string;
  readonly onCommit: (notice: CommitNotice) => void;
  /** Called when incidents changed, and whenever that is not known. */
  readonly onIncident?: () => void;
  /** Called when listening begins (`null`) and when it breaks (with the reason), not again while it stays so. */
  readonly onState?: (broken: Error | null) => void;
}

export interface CommitListener {
  readonly isListening: () => boolean;
  close(): Promise<void>;
}

const POLL_MS = 1000;
const HEARTBEAT_MS = 10_000;
const HEARTBEAT_TIMEOUT_MS = 5000;
const END_WITHIN_MS = 1000;

/**
 * Reports commits as they happen.
 *
 *   listening ── connection breaks, heartbeat unanswered ──▶ polling ── connected again ──▶ listening
 *
 * While polling, `*` is reported each second, so that whoever watches reads for himself; and once on every new connection,
 * because what was announced in between is gone.
 */
export function listenCommits(options: ListenOptions): CommitListener {
  const stop = new AbortController();
  let client: pg.Client | null = null;
  let isBroken = false;
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        client = await connect(options);
        isBroken = false;
        options.onState?.(null);
        reportUnknown(options);
        await untilBroken(client, stop.signal);
      } catch (error) {
        if (!isBroken && !stop.signal.aborted) options.onState?.(coerceError(error));
        isBroken = true;
      }
      const broken = client;
      client = null;
      if (broken !== null) await endWithin(broken, END_WITHIN_MS);
      if (stop.signal.aborted) return;
      reportUnknown(options);
      await sleep(POLL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    isListening: () => client !== null,
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

function reportUnknown({ onCommit, onIncident }: ListenOptions): void {
  onCommit('*');
  onIncident?.();
}

async function connect({ url, onCommit, onIncident }: ListenOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'deltascope-listen',
    keepAlive: true,
    connectionTimeoutMillis: HEARTBEAT_TIMEOUT_MS,
    query_timeout: HEARTBEAT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  client.on('notification', ({ channel, payload }) => {
    if (channel === INCIDENT_CHANNEL) onIncident?.();
    else onCommit(parseNotice(payload));
  });
  await client.connect();
  try {
    await client.query(`listen ${COMMIT_CHANNEL}`);
    if (onIncident !== undefined) await client.query(`listen ${INCIDENT_CHANNEL}`);
  } catch (error) {
    await endWithin(client, END_WITHIN_MS);
    throw error;
  }
  return client;
}

/** Ends a connection; one whose other end is gone without a word is left to the keep-alive. */
async function endWithin(client: pg.Client, ms: number): Promise<void> {
  const limit = new AbortController();
  const ended = client.end().catch(() => undefined);
  await Promise.race([ended, sleep(ms, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
}

/** Settles when the connection is of no more use: it rejects with the reason, or resolves when stopped. */
async function untilBroken(client: pg.Client, signal: AbortSignal): Promise<void> {
  const ended = new Promise<never>((_, reject) => {
    client.once('error', reject);
    client.once('end', () => reject(new Error('The connection was ended.')));
  });
  ended.catch(() => undefined);
  while (!signal.aborted) {
    const beat = sleep(HEARTBEAT_MS, undefined, { signal }).catch(() => undefined);
    await Promise.race([ended, beat]);
    if (!signal.aborted) await Promise.race([ended, client.query('select 1')]);
  }
}

/** Whatever is not a list of pairs counts as "something changed": a notice is a hint, never data. */
function parseNotice(payload: string | undefined): CommitNotice {
  try {
    const value: unknown = JSON.parse(payload ?? '');
    return Array.isArray(value) && value.every(isPair) ? value : '*';
  } catch {
    return '*';
  }
}

function isPair(value: unknown): value is readonly [SessionId, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && isSessionId(value[0]) && typeof value[1] === 'number';
}
