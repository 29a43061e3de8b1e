import { join } from 'node:path';
import type { Env } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** One process that `npm start` runs and watches. */
export interface WorkerSpec {
  readonly name: string;
  readonly entry: string;
  /** Flags of Node itself. */
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where its `/readyz` answers. */
  readonly host: string;
  readonly port: number;
  /** How long it may take to end after SIGTERM before it is killed. */
  readonly stopWithinMs: number;
}

/** Time beyond a worker's own limit, so that it always comes first. */
const GRACE_MS = 10_000;
const STOP_MS = 30_000;

/** A small young generation keeps an idle process small; the tap keeps Node's own, for its messages die young in great numbers. */
const SMALL_HEAP = ['--max-semi-space-size=4'];

/** The workers of one machine, in the order in which they are to end: who writes comes before who reads. */
export function workersOf(env: Env): readonly WorkerSpec[] {
  const simulator = spec('simulator', 'localhost', env.DELTASCOPE_SIMULATOR_PORT, { nodeFlags: SMALL_HEAP });
  return [
    ...(env.DELTASCOPE_SIMULATOR ? [simulator] : []),
    spec('tap', env.DELTASCOPE_TAP_HOST, env.DELTASCOPE_TAP_PORT, { stopWithinMs: env.DELTASCOPE_TAP_DRAIN_MS + GRACE_MS }),
    spec('recorder', '127.0.0.1', env.DELTASCOPE_RECORDER_PORT, {}),
    spec('alerter', '127.0.0.1', env.DELTASCOPE_ALERTER_PORT, { nodeFlags: SMALL_HEAP }),
    spec('dashboard', env.DELTASCOPE_HOST, env.DELTASCOPE_PORT, { nodeFlags: SMALL_HEAP, env: { NODE_ENV: 'production' } }),
  ];
}

function spec(name: string, host: string, port: number, more: Partial<WorkerSpec>): WorkerSpec {
  const entry = join(ROOT_FOLDER, 'workers', name, 'main.ts');
  return { name, entry, host, port, nodeFlags: [], env: {}, stopWithinMs: STOP_MS, ...more };
}
