import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds; fails with `sentence` when it does not within the limit. */
export async function eventually(
  sentence: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${sentence}`);
    await sleep(10);
  }
}
