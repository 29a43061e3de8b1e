import type { SessionId } from '#lib/base/brand.ts';
import type { SessionPush } from '#lib/live/contract.ts';
import { LIVE_PUSH_ROWS } from '#lib/live/contract.ts';
import type { ChangesRequest, SessionChanges } from '#lib/store/read-session-changes.ts';

/**
 * Brings one browser up to date with one session.
 *
 *   idle ──wake──▶ reading ──something new──▶ waiting for the acknowledgement ──▶ reading
 *    ▲                │ nothing new
 *    └────────────────┘
 *
 * A wake while reading or waiting is remembered and leads to one more reading. So there is never more than one push under way, a slow
 * browser holds back its own pushes only, and whatever was committed before the last wake is pushed once.
 */

export interface PusherOptions {
  readonly sessionId: SessionId;
  /** The browser holds the events up to here. */
  readonly afterSeq: number;
  /** How the session stands in the browser's page, where it says so. */
  readonly status?: string | undefined;
  readonly read: (request: ChangesRequest) => Promise<SessionChanges | null>;
  /** Sends a push; resolves when the browser has taken it in. */
  readonly send: (push: SessionPush) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** After a failed read (the database is away) this long passes before the next. */
const RETRY_MS = 1000;

/** Shortest time between two readings for one browser: what is committed in between comes together. */
const REST_MS = 40;

export class SessionPusher {
  readonly #options: PusherOptions;
  #cursor: number;
  /** Rows that a message after this changed have not been pushed yet. */
  #entityCursor: number;
  #status: string | undefined;
  #pushedSession = '';
  #isRunning = false;
  #isWoken = false;
  #isClosed = false;

  constructor(options: PusherOptions) {
    this.#options = options;
    this.#cursor = options.afterSeq;
    this.#entityCursor = options.afterSeq;
    this.#status = options.status;
  }

  /** Says that something may have been committed. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#isRunning && !this.#isClosed) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isWoken && !this.#isClosed) {
      this.#isWoken = false;
      const rest = await this.#pushOnce();
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
    this.#isRunning = false;
  }

  /** Reads and pushes once; gives the milliseconds to rest before the next time. */
  async #pushOnce(): Promise<number> {
    try {
      const changes = await this.#options.read({
        sessionId: this.#options.sessionId,
        afterSeq: this.#cursor,
        entitiesAfterSeq: this.#entityCursor,
        limit: LIVE_PUSH_ROWS,
      });
      if (changes === null || this.#isClosed) return 0;
      if (this.#isStatusNew(changes)) {
        // The end of a session changes rows without a message of its own: all of them go out once more.
        this.#status = changes.session.status;
        this.#entityCursor = 0;
        this.#isWoken = true;
        return 0;
      }
      return await this.#pushChanges(changes);
    } catch (error) {
      this.#options.onError(error);
      this.#isWoken = true;
      return RETRY_MS;
    }
  }

  #isStatusNew({ session }: SessionChanges): boolean {
    const known = this.#status;
    this.#status ??= session.status;
    return known !== undefined && known !== session.status;
  }

  async #pushChanges(changes: SessionChanges): Promise<number> {
    const session = JSON.stringify([changes.session, changes.anomalies]);
    if (changes.events.length === 0 && session === this.#pushedSession) return 0;
    const lastSeq = changes.events.at(-1)?.seq ?? this.#cursor;
    const more = changes.events.length === LIVE_PUSH_ROWS;
    this.#cursor = lastSeq;
    this.#entityCursor = Math.max(this.#entityCursor, changes.session.lastSeq);
    this.#pushedSession = session;
    await this.#options.send({ sessionId: this.#options.sessionId, ...changes, lastSeq, more });
    if (more) this.#isWoken = true;
    return more ? 0 : REST_MS;
  }
}
