import { findTagged, playCall } from './calls.ts';
import { expect, test } from './fixtures.ts';
import { importFixture } from './import-files.ts';
import { look } from './look.ts';

test('a query is completed, narrows the list, and leads to the moment', async ({ page, stack }) => {
  await playCall(stack, 'tool-call', 'search', 0.3);
  await expect.poll(() => findTagged(stack, 'search')).not.toBeNull();
  await page.goto('/sessions');
  await expect(page.locator('[data-session]').first()).toBeVisible();
  const box = page.getByRole('combobox', { name: 'Search sessions' });
  await box.pressSequentially('too');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(box).toHaveValue('tool:');
  await expect(page.getByRole('option').first()).toBeVisible();
  await box.fill('tag:test=search status:completed');
  await expect(page.locator('[data-session]')).toHaveCount(1);
  await look(page, 'search', 'light');
  await box.fill('cost:x colour:red');
  await expect(page.getByText('There is no field colour:')).toBeVisible();
  await look(page, 'search-problem', 'dark');
  await box.fill("'; drop table session; -- \\ ((a+)+)+$ %");
  await expect(page.getByText('no letter or digit').first()).toBeVisible();
  await box.fill('tag:test=search order');
  await page.getByRole('region', { name: 'Moments' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/seq=\d+/);
});

test('a search that is saved is offered while the box is empty, until it is forgotten', async ({ page, stack }) => {
  importFixture(stack, 'ga-text-turn');
  await page.goto('/sessions?q=status%3Aended');
  await expect(page.getByRole('status').first()).toHaveText(/^Live/);
  await page.getByRole('button', { name: 'Save this search' }).click();
  await page.reload();
  const star = page.getByRole('button', { name: 'Forget this saved search' });
  await expect(star).toBeVisible();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  const box = page.getByRole('combobox', { name: 'Search sessions' });
  // Who leaves the box closes the list.
  await expect(box).toBeFocused();
  await expect(page.getByRole('option').first()).toHaveText('status:ended');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('option')).toHaveCount(0);
  await box.focus();
  await page.getByRole('option').first().click();
  await expect(page).toHaveURL(/q=status:ended$/);
  await star.click();
  await expect(page.getByRole('button', { name: 'Save this search' })).toBeVisible();
});
