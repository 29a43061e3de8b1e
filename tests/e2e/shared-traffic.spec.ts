import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import { expect, test } from './fixtures.ts';
import { importFiles } from './import-files.ts';
import { sessionReady } from './session-page.ts';

const FOLDER = join(ROOT_FOLDER, '../shared/traffic/sessions');

test('every recorded session opens without an error in the browser', async ({ page, stack }) => {
  test.skip(!existsSync(FOLDER), 'the recorded sessions are not on this machine');
  test.setTimeout(240_000);
  const files = readdirSync(FOLDER).map((name) => join(FOLDER, name));
  const ids = importFiles(stack, files);
  expect(ids.length).toBeGreaterThanOrEqual(files.length);
  await page.goto('/connect');
  for (const id of ids) {
    await page.evaluate(goTo, `/sessions/${id}`);
    await expect(page.locator(`[data-session-page="${id}"]`)).toBeVisible();
    await sessionReady(page);
  }
});

/** Runs in the page: goes on as a link would, without loading the application again for each of hundreds of sessions. */
function goTo(path: string): void {
  (window as unknown as { next: { router: { push(path: string): void } } }).next.router.push(path);
}
