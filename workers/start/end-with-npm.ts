import { isRunByNpm } from '#lib/config/env.ts';

const LOOK_EVERY_MS = 500;

/**
 * Ends this process when npm is gone. npm passes a signal on to the shell that it runs scripts in, and some shells (dash) die of it without a
 * word to their child. The system then gives the child another parent.
 */
export function endWithNpm(): void {
  if (!isRunByNpm()) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}
