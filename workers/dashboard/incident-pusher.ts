import type { WallMicros } from '#lib/base/brand.ts';
import type { IncidentNotice } from '#lib/live/contract.ts';

/** Alerters write the moment before they commit, by their own clocks. */
const OVERLAP_US = 30_000_000;
const MAX_REMEMBERED = 1000;

export interface IncidentPusherOptions {
  readonly isWatched: () => boolean;
  /** The incidents that opened after a moment, the latest first; of very many only these. */
  readonly read: (after: WallMicros) => Promise<readonly IncidentNotice[]>;
  readonly send: (notice: IncidentNotice) => void;
  readonly onError: (error: unknown) => void;
}

/** Tells every open page of incidents as they open, each once. */
export class IncidentPusher {
  readonly #options: IncidentPusherOptions;
  readonly #told = new Set<string>();
  /** Nobody is told of what opened before. */
  #from = nowMicros();
  #isReading = false;
  #isStale = false;

  constructor(options: IncidentPusherOptions) {
    this.#options = options;
  }

  /** Incidents may have opened. */
  async wake(): Promise<void> {
    if (!this.#options.isWatched()) {
      this.#from = nowMicros();
      return;
    }
    this.#isStale = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#push();
      }
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#isReading = false;
    }
  }

  async #push(): Promise<void> {
    const after = Math.max(this.#from, nowMicros() - OVERLAP_US) as WallMicros;
    for (const notice of (await this.#options.read(after)).toReversed()) {
      if (this.#told.has(notice.id)) continue;
      this.#told.add(notice.id);
      this.#options.send(notice);
    }
    const oldest = this.#told.values().next();
    if (this.#told.size > MAX_REMEMBERED && oldest.done !== true) this.#told.delete(oldest.value);
  }
}

function nowMicros(): WallMicros {
  return (Date.now() * 1000) as WallMicros;
}
