import { parseEnv } from '#lib/config/env.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';
import { postgresFolder } from '#workers/shared/data-folder.ts';
import { findEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { expect, test } from './fixtures.ts';
import { openSession } from './session-page.ts';

test('messages that were relayed but not recorded show as a gap with their number', async ({ page, stack }) => {
  const url = findEmbeddedPostgres(postgresFolder(parseEnv({ DELTASCOPE_DATA_DIR: stack.folder })));
  const seed = await openSeedDatabase(url ?? '');
  const id = await seed.session({ status: 'lost' });
  await seed.append(id, 300);
  // 100 ends a run of its own (a client event), so the gap of 42 stands before 142.
  await seed.query('delete from event where session_id = $1 and seq between 100 and 141', [id]);
  await seed.close();
  await openSession(page, id, '?seq=142');
  await expect(page.getByText('lost', { exact: true })).toBeVisible();
  await expect(page.getByRole('complementary').getByText('42 messages were relayed but not recorded.')).toBeVisible();
  await expect(page.locator('dl').getByText('Not recorded', { exact: true })).toBeVisible();
  await expect(
    page
      .getByRole('grid')
      .getByText(/42 not recorded/)
      .first(),
  ).toBeVisible();
  await page.screenshot({ path: 'test-results/screenshots/lost-messages.png' });
  await page.goto(`/sessions/${id}?seq=120`);
  await expect(page.getByRole('heading', { name: 'Message #120 is not recorded' })).toBeVisible();
});
