import { expect, test } from './fixtures.ts';
import { look } from './look.ts';

// Runs first (files go by name): nothing is recorded yet.
test('before anything is recorded the page says which line to change', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Point your application at the tap' })).toBeVisible();
  await page.getByRole('tab', { name: 'Agents SDK' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('/v1/realtime?model=gpt-realtime');
  await look(page, 'empty', 'light');
});
