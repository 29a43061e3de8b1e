import { parseEnv } from '#lib/config/env.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';
import { postgresFolder } from '#workers/shared/data-folder.ts';
import { findEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { expect, test } from './fixtures.ts';
import { heldEvents, openSession } from './session-page.ts';

const EVENTS = 100_000;
const PAN_STEPS = 60;

test('a session of 100,000 events opens at once and pans smoothly', async ({ page, stack }) => {
  const seed = await openSeedDatabase(
    findEmbeddedPostgres(postgresFolder(parseEnv({ DELTASCOPE_DATA_DIR: stack.folder }))) ?? '',
  );
  const id = await seed.session({ status: 'ended' });
  await seed.append(id, EVENTS);
  await seed.close();
  await page.goto('/connect');
  const started = Date.now();
  await openSession(page, id);
  expect(await heldEvents(page)).toBe(EVENTS);
  const openMs = Date.now() - started;

  await page.mouse.move(700, 300);
  for (let step = 0; step < 6; step += 1) await page.mouse.wheel(0, -300);
  const frameMs = await page.evaluate(panFrames, PAN_STEPS);
  await page.screenshot({ path: 'test-results/screenshots/large-session.png' });
  process.stdout.write(`100,000 events: opened in ${openMs} ms, ${frameMs.toFixed(1)} ms of work per panned frame\n`);
  await page.keyboard.press('j');
  await page.getByRole('region', { name: 'Events' }).evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect(page.locator(`[data-seq="${EVENTS}"]`)).toBeVisible();
});

/** Runs in the page: pans frame by frame and gives the mean time that script and drawing took in each. */
function panFrames(steps: number): Promise<number> {
  const canvas = document.querySelectorAll('canvas')[1];
  if (canvas === undefined) throw new Error('There is no canvas of lanes.');
  let work = 0;
  let step = 0;
  return new Promise((resolve) => {
    const frame = () => {
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaX: step % 20 < 10 ? 40 : -40, bubbles: true, cancelable: true }));
      // What the page asked to be drawn runs in the next frame's callbacks: this one comes first, the last one after them.
      requestAnimationFrame(() => {
        const started = performance.now();
        queueMicrotask(() => undefined);
        setTimeout(() => {
          work += performance.now() - started;
          step += 1;
          if (step === steps) resolve(work / steps);
          else frame();
        }, 0);
      });
    };
    frame();
  });
}
