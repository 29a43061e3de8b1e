import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * The provider's time: `pace` 1 is real, 0.1 ten times as fast, 0 as fast as the machine goes.
 * After `stop` no wait ever ends, so what was going on in a closed session simply goes no further.
 */
export class ProviderClock {
  readonly #pace: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(pace: number) {
    this.#pace = pace;
  }

  async wait(ms: number): Promise<void> {
    if (this.#pace === 0) await nextTurn();
    else await new Promise<void>((resolve) => this.after(ms, resolve));
    if (this.#stopped) await new Promise<never>(() => {});
  }

  /** Calls `act` after `ms` of provider time, unless stopped before. */
  after(ms: number, act: () => void): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms * this.#pace);
    this.#timers.add(timer);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
