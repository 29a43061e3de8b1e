import { setTimeout as sleep } from 'node:timers/promises';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { FileLock } from '#workers/shared/file-lock.ts';

const LOOK_AGAIN_MS = 200;
/** Another start may look at the build at the same moment; one that uses it keeps it for longer. */
const MAX_REFUSALS = 10;

export interface Build {
  /** Whether what is there was made from the present sources. */
  readonly isFresh: () => boolean;
  readonly make: () => Promise<void>;
}

/**
 * Makes a build where it is missing or stale, and keeps it as it is for as long as this process lives.
 *
 *   sharing ──fresh──▶ kept: shared until the process ends
 *      └─stale─▶ alone ──made──▶ sharing
 *                  └─others share it: it is never changed under those who serve it
 *
 * @returns whether it was made now
 * @throws DeltascopeError DS_START_BUILD_IN_USE
 */
export async function holdBuild(lock: FileLock, { isFresh, make }: Build): Promise<boolean> {
  let wasMade = false;
  for (let refusals = 0; refusals < MAX_REFUSALS; ) {
    if (lock.share()) {
      if (isFresh()) return wasMade;
      lock.release();
      if (lock.claim()) {
        await make().finally(() => lock.release());
        wasMade = true;
        continue;
      }
      refusals += 1;
    }
    await sleep(LOOK_AGAIN_MS);
  }
  throw new DeltascopeError('DS_START_BUILD_IN_USE', 'The sources have changed since the dashboard was built.');
}
