import type { Stack } from '#tests/support/stack.ts';
import { removeStackFolder, startStack } from '#tests/support/stack.ts';
import { expect, test as open } from './fixtures.ts';
import { lookAtAll } from './looks.ts';

const PASSWORD = 'correct horse';

/** The same with a password: `npm start` itself has to become ready behind it. */
const test = open.extend<object, { readonly stack: Stack }>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
    async ({}, use) => {
      const stack = await startStack({ env: { DELTASCOPE_PASSWORD: PASSWORD, DELTASCOPE_TAP_DRAIN_MS: '1000' } });
      await use(stack);
      await stack.stop('SIGINT');
      removeStackFolder(stack.folder);
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

test('one logs in, arrives where one wanted to go, watches live, and logs out', async ({ page }) => {
  await page.goto('/sessions?status=open');
  await expect(page).toHaveURL('/login?from=%2Fsessions%3Fstatus%3Dopen');
  await expect(page.getByLabel('Password')).toBeFocused();
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'That is not the password.' })).toBeVisible();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/sessions?status=open');
  await expect(page.getByRole('status').first()).toHaveText(/^Live/);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/login');
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
});

test('the login page is legible and usable, light and dark, wide and narrow', async ({ page }) => {
  await lookAtAll(page, 'login', async () => {
    await page.goto('/login');
  });
  await lookAtAll(page, 'login-wrong', async () => {
    await page.goto('/login?problem=wrong');
  });
});
