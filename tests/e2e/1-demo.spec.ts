import { expect, test } from './fixtures.ts';
import { lookAtAll } from './looks.ts';

const CALLS = 22;
const RULES = [
  'missing-delta',
  'delta-mismatch',
  'cancelled-response',
  'rejected-config',
  'failed-response',
  'unanswered-tool-call',
] as const;

test.describe.configure({ mode: 'serial' });

// Runs second (files go by name): the first calls of a new installation are those of the demo.
test('the demo fills the first page by itself, and every rule finds what was planted', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Run the demo' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('link', { name: /^[1-9]\d* live now/ })).toBeVisible();
  const ended = async () => {
    const reply = await page.request.get('/api/v1/search?q=status:ended');
    return ((await reply.json()) as { sessions: number }).sessions;
  };
  await expect.poll(ended, { timeout: 90_000 }).toBe(CALLS);
  await page.goto('/sessions');
  for (const rule of RULES) await expect(page.getByRole('button', { name: new RegExp(`^${rule}`) })).toBeVisible();
  await page.goto('/anomalies?state=all');
  for (const rule of RULES) await expect(page.getByRole('link', { name: rule, exact: true }).first()).toBeVisible();
});

test('a full list of sessions is legible, light and dark, wide and narrow', async ({ page }) => {
  await lookAtAll(page, 'full-sessions', async () => {
    await page.goto('/sessions');
    await expect(page.locator('[data-session]').first()).toBeVisible();
    await expect(page.getByText('turn_detected').first()).toBeAttached();
  });
});

for (const [name, path, heading] of [
  ['overview', '/', 'Overview'],
  ['anomalies', '/anomalies?state=all', 'Anomalies'],
  ['usage', '/usage?days=7', 'Usage'],
  ['rule', '/anomalies/rules/rejected-config', 'rejected-config'],
] as const) {
  test(`a full page of ${name} is legible, light and dark, wide and narrow`, async ({ page }) => {
    await lookAtAll(page, `full-${name}`, async () => {
      await page.goto(path);
      await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
      await expect(page.getByRole('status').first()).toHaveText(/^Live/);
    });
  });
}
