import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Env } from '#lib/config/env.ts';
import { childEnv } from '#lib/config/env.ts';

const DEMO = fileURLToPath(new URL('../simulator/demo-main.ts', import.meta.url));

/** Plays the simulator's scenarios through the tap, in a process of its own; returns its exit code. */
export async function runDemo(env: Env): Promise<number> {
  const demo = spawn(process.execPath, [DEMO], {
    stdio: 'inherit',
    env: childEnv({ DELTASCOPE_TAP_PORT: String(env.DELTASCOPE_TAP_PORT), DELTASCOPE_LOG_FORMAT: 'pretty' }),
  });
  const [status] = await once(demo, 'exit');
  return typeof status === 'number' ? status : 1;
}
