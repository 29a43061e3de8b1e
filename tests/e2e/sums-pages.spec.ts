import { findTagged, playCall } from './calls.ts';
import { expect, test } from './fixtures.ts';
import { look } from './look.ts';
import { openSession } from './session-page.ts';

const SIZES = [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
] as const;
const PAGES = [
  { name: 'overview', path: '/', heading: 'Overview' },
  { name: 'anomalies', path: '/anomalies', heading: 'Anomalies' },
  { name: 'rule', path: '/anomalies/rules/rejected-config', heading: 'rejected-config' },
  { name: 'usage', path: '/usage', heading: 'Usage' },
] as const;

test('overview, anomalies, a rule and usage are legible, light and dark, wide and narrow', async ({ page, stack }) => {
  await playCall(stack, 'twilio-chat-tools', 'sums', 0.3);
  await expect.poll(() => findTagged(stack, 'sums')).not.toBeNull();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      for (const { name, path, heading } of PAGES) {
        await page.goto(path);
        await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
        await look(page, `${name}-${size.name}`, theme);
      }
    }
  }
});

test('an anomaly leads to its proof, and what a person says of it stays', async ({ page, stack }) => {
  await playCall(stack, 'lost-delta', 'proof', 0.3);
  await expect.poll(() => findTagged(stack, 'proof')).not.toBeNull();
  const id = (await findTagged(stack, 'proof')) ?? '';
  await openSession(page, id);
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/seq=\d+/);
  await page.goto(`/sessions/${id}?tab=anomalies`);
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(page.getByText('acknowledged', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('acknowledged', { exact: true })).toBeVisible();
});
