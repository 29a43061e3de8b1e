import { coerceError } from '#lib/base/errors.ts';
import type { Logger } from '#workers/shared/logger.ts';

/** Commits come many a second; an evaluation sees all that came before it. */
const SETTLE_MS = 50;
const RETRY_MS = 1000;

export interface LoopOptions {
  /** Looks once; says whether there is more to look at. */
  readonly look: (isTick: boolean) => Promise<boolean>;
  readonly tickMs: number;
  readonly log: Logger;
}

/**
 * Looks whenever it is woken and every `tickMs`, never twice at a time.
 *
 *   idle ──wake, tick──▶ looking ──done──▶ idle
 *                          └─woken meanwhile, more to do, failed──▶ looking again
 */
export class EvaluationLoop {
  readonly #options: LoopOptions;
  readonly #ticker: NodeJS.Timeout;
  #isTickDue = true;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isWoken = false;
  #isStopped = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#ticker = setInterval(() => {
      this.#isTickDue = true;
      this.wake();
    }, options.tickMs);
    this.wake();
  }

  wake(): void {
    this.#isWoken = true;
    this.#schedule(SETTLE_MS);
  }

  /** Waits for the look under way; none follows. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#ticker);
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(ms: number): void {
    if (this.#isStopped || this.#timer !== null || this.#running !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#running = this.#look().finally(() => {
        this.#running = null;
        if (this.#isWoken) this.#schedule(SETTLE_MS);
      });
    }, ms);
  }

  async #look(): Promise<void> {
    const isTick = this.#isTickDue;
    this.#isTickDue = false;
    this.#isWoken = false;
    try {
      if (await this.#options.look(isTick)) this.#isWoken = true;
    } catch (thrown) {
      this.#options.log.warn({ err: coerceError(thrown) }, 'cannot evaluate alert rules; trying again');
      this.#isTickDue ||= isTick;
      this.#isWoken = true;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
