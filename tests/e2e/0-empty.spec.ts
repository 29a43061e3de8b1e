import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { lookAtAll } from './looks.ts';

const EMPTY = [
  { name: 'overview', path: '/', says: 'Point your application at the tap' },
  { name: 'sessions', path: '/sessions', says: 'Point your application at the tap' },
  { name: 'anomalies', path: '/anomalies', says: 'Nothing open' },
  { name: 'rule', path: '/anomalies/rules/missing-delta', says: 'missing-delta' },
  { name: 'usage', path: '/usage', says: 'No session in these days' },
  { name: 'alerts', path: '/alerts', says: 'Nobody is told of anything yet' },
  { name: 'connect', path: '/connect', says: 'Point your application at the tap' },
] as const;

// Runs first (files go by name): nothing is recorded yet.
for (const { name, path, says } of EMPTY) {
  test(`before anything is recorded ${name} says so, light and dark, wide and narrow`, async ({ page }) => {
    await lookAtAll(page, `empty-${name}`, async () => {
      await page.goto(path);
      await expect(page.getByRole('heading', { name: says }).first()).toBeVisible();
    });
  });
}

test('the first page says which line to change, for each kind of client', async ({ page, stack }) => {
  await page.goto('/');
  await showClient(page, 'openai package', `NODE_EXTRA_CA_CERTS=${stack.caFile} node`);
  await showClient(page, 'Agents SDK', '/v1/realtime?model=gpt-realtime');
  await showClient(page, 'Azure OpenAI', '/azure/myres/openai/v1/realtime');
  await showClient(page, 'WebRTC · SIP', 'call_id=rtc_');
  await showClient(page, 'Twilio bridge', '/v1/realtime?model=gpt-realtime');
});

async function showClient(page: Page, name: string, line: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
  await expect(page.getByRole('tabpanel')).toContainText(line);
}

test('on a phone the end of a long line can be scrolled clear of the button that copies it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await page.getByRole('tab', { name: 'Twilio bridge' }).click();
  const panel = page.getByRole('tabpanel');
  const end = await panel.locator('pre').evaluate((pre) => {
    pre.scrollLeft = pre.scrollWidth;
    const lines = document.createRange();
    return Math.max(
      ...[...pre.querySelectorAll('code > span')].map((line) => {
        lines.selectNodeContents(line);
        return lines.getBoundingClientRect().right;
      }),
    );
  });
  const copy = await panel.getByRole('button', { name: 'Copy' }).boundingBox();
  expect(end).toBeLessThanOrEqual(copy?.x ?? 0);
});
