import type { SessionId } from '#lib/base/brand.ts';
import type { CommitNotice } from '#lib/store/listen-commits.ts';

/** As the contract of live pushes has it: most sessions in one push. */
const MAX_SESSIONS = 200;
const DEBOUNCE_MS = 100;
const RETRY_MS = 1000;

/** The one thing about a session that matters here. */
interface Identified {
  readonly id: SessionId;
}

export interface ListPusherOptions<Session extends Identified> {
  readonly isWatched: () => boolean;
  readonly readSessions: (ids: readonly SessionId[]) => Promise<readonly Session[]>;
  /** Those in which something happened last; for when it is not known which changed. */
  readonly readRecent: (limit: number) => Promise<readonly Session[]>;
  readonly send: (sessions: readonly Session[]) => void;
  readonly onError: (error: unknown) => void;
}

/** Tells those who have a list open which sessions appeared or changed, at most ten times a second. */
export class ListPusher<Session extends Identified> {
  readonly #options: ListPusherOptions<Session>;
  readonly #changed = new Set<SessionId>();
  /** What was sent last of each session, so that a vague notice does not send what nobody needs. */
  readonly #sent = new Map<SessionId, string>();
  #isVague = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ListPusherOptions<Session>) {
    this.#options = options;
  }

  notice(notice: CommitNotice): void {
    if (!this.#options.isWatched()) return;
    if (notice === '*') this.#isVague = true;
    else for (const [id] of notice) this.#changed.add(id);
    this.#schedule(DEBOUNCE_MS);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#push();
    }, ms);
  }

  async #push(): Promise<void> {
    const ids = [...this.#changed].sort().reverse().slice(0, MAX_SESSIONS);
    const isVague = this.#isVague;
    for (const id of ids) this.#changed.delete(id);
    this.#isVague = false;
    try {
      const named = ids.length === 0 ? [] : await this.#options.readSessions(ids);
      const recent = isVague ? await this.#options.readRecent(MAX_SESSIONS) : [];
      const fresh = [...named, ...recent.filter((session) => !ids.includes(session.id))].filter((session) =>
        this.#isNew(session),
      );
      for (let from = 0; from < fresh.length; from += MAX_SESSIONS) this.#options.send(fresh.slice(from, from + MAX_SESSIONS));
    } catch (error) {
      this.#options.onError(error);
      for (const id of ids) this.#changed.add(id);
      this.#isVague ||= isVague;
      this.#schedule(RETRY_MS);
      return;
    }
    if (this.#changed.size > 0) this.#schedule(0);
  }

  #isNew(session: Session): boolean {
    const text = JSON.stringify(session);
    if (this.#sent.get(session.id) === text) return false;
    this.#sent.delete(session.id);
    this.#sent.set(session.id, text);
    const oldest = this.#sent.keys().next();
    if (this.#sent.size > 2 * MAX_SESSIONS && oldest.done !== true) this.#sent.delete(oldest.value);
    return true;
  }
}
