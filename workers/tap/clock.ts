import type { WallMicros } from '#lib/base/brand.ts';

/** A step of the system's clock larger than this is followed; smaller ones are drift, and following them would make times go back. */
const FOLLOW_STEP_MS = 1000;

let originMs = performance.timeOrigin;

/** Wall time now. Within a call it runs evenly, whatever happens to the system's clock. */
export function wallMicros(): WallMicros {
  return Math.round((originMs + performance.now()) * 1000) as WallMicros;
}

/** Follows the system's clock after it was set, or after the machine slept; called once a second. */
export function followSystemClock(): void {
  const offMs = Date.now() - (originMs + performance.now());
  if (Math.abs(offMs) > FOLLOW_STEP_MS) originMs += offMs;
}
