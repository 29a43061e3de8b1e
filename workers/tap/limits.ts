import { MINUTE_MS } from '#lib/base/durations.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';

/** What one tap bears; each comes from a setting of the same name. */
export interface TapLimits {
  readonly maxMessageBytes: number;
  readonly maxSessions: number;
  readonly maxBufferBytes: number;
  readonly maxRecordBufferBytes: number;
  readonly maxUpgradesPerMinute: number;
  readonly dialTimeoutMs: number;
}

/** Admits new sessions: not more at once and not more a minute than the limits say, none while the tap stops. */
export class Admission {
  readonly #limits: TapLimits;
  /** Times of the last admissions, in a ring: the slot that comes next holds the oldest. */
  readonly #times: Float64Array;
  #next = 0;
  #sessions = 0;
  isStopping = false;

  constructor(limits: TapLimits) {
    this.#limits = limits;
    this.#times = new Float64Array(limits.maxUpgradesPerMinute).fill(Number.NEGATIVE_INFINITY);
  }

  /** Takes a place, to be given back with `release`, or says why there is none. */
  admit(nowMs: number): Refusal | null {
    if (this.isStopping) return refuse(503, 'DS_TAP_STOPPING', 'This tap takes no new sessions: it is stopping.');
    if (this.#sessions >= this.#limits.maxSessions) {
      return refuse(503, 'DS_TAP_TOO_MANY_SESSIONS', `This tap relays ${this.#sessions} sessions already.`);
    }
    if (nowMs - (this.#times[this.#next] as number) < MINUTE_MS) {
      return refuse(429, 'DS_TAP_TOO_MANY_UPGRADES', `More than ${this.#times.length} new sessions came within a minute.`);
    }
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#times.length;
    this.#sessions += 1;
    return null;
  }

  release(): void {
    this.#sessions -= 1;
  }

  get sessions(): number {
    return this.#sessions;
  }
}
