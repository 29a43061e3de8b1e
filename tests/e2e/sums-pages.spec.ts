import { readFileSync } from 'node:fs';
import { bySeverity } from '#lib/rules/rule.ts';
import type { Severity } from '#lib/session/view.ts';
import { findTagged, playCall } from './calls.ts';
import { expect, test } from './fixtures.ts';
import { importFixture } from './import-files.ts';
import { openSession } from './session-page.ts';

test('the brush narrows the overview, and a span undoes it', async ({ page, stack }) => {
  await playCall(stack, 'text-turn', 'brush', 0.3);
  await expect.poll(() => findTagged(stack, 'brush')).not.toBeNull();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/?span=24h');
  const handle = page.locator('.recharts-brush-traveller').first();
  await handle.scrollIntoViewIfNeeded();
  const box = await handle.boundingBox();
  if (box === null) throw new Error('The brush has no handle.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 240, box.y + box.height / 2, { steps: 6 });
  await page.mouse.up();
  await expect(page).toHaveURL(/span=24h.*from=\d{4}/);
  await expect(page.getByText('UTC, against the same time before')).toBeVisible();
  await page.reload();
  await expect(page.getByText('UTC, against the same time before')).toBeVisible();
  await expect.poll(async () => (await handle.boundingBox())?.x ?? 0).toBeGreaterThan(box.x + 150);
  await page.getByRole('button', { name: '7d' }).click();
  await expect(page).toHaveURL(/span=7d$/);
  await expect(page.getByText('the last 7 days, against the 7 before')).toBeVisible();
});

test('usage is grouped as asked, and leaves as a file with the same rows', async ({ page, stack }) => {
  await playCall(stack, 'text-turn', 'csv', 0.3);
  await expect.poll(() => findTagged(stack, 'csv')).not.toBeNull();
  await page.goto('/usage');
  await page.getByRole('button', { name: 'tag', exact: true }).click();
  await expect(page.getByRole('rowheader', { name: 'test=csv' })).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  expect(download.suggestedFilename()).toBe('usage-tag-30d.csv');
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/);
  expect(lines[0]).toMatch(/^tag,sessions,/);
  expect(lines.some((line) => line.startsWith('"test=csv",1,'))).toBe(true);
  expect(lines).toHaveLength((await page.getByRole('row').count()) as number);
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
  await page.getByRole('button', { name: 'Mute' }).click();
  await page.getByRole('menuitem', { name: 'for 1 day' }).click();
  await expect(page.getByText(/^muted until \w+ \d+, \d\d:\d\d UTC$/)).toBeVisible();
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(page.getByText(/^muted/)).toHaveCount(0);
});

test('tokens whose kind was not told are shown as such, on the page of all and of one session', async ({ page, stack }) => {
  const id = importFixture(stack, 'responses-stream');
  await page.goto('/usage');
  await expect(page.getByRole('figure', { name: 'Tokens by modality and day' })).toContainText('Input, kind not told');
  await page.goto(`/sessions/${id}?tab=usage`);
  await expect(page.getByText('kind not told')).toHaveCount(2);
});

test('a response that was cancelled before it began does not shrink the context', async ({ page, stack }) => {
  // Input tokens of its three responses: 61, 0, 123.
  await page.goto(`/sessions/${importFixture(stack, 'ga-barge-in')}?tab=usage`);
  await expect(page.getByRole('figure', { name: 'Context growth' }).locator('.recharts-area-dot')).toHaveCount(2);
});

test('the worst kinds of anomaly stand first', async ({ page, stack }) => {
  for (const name of ['rejected-config-three-ways', 'webrtc-without-audio-deltas', 'ga-barge-in']) importFixture(stack, name);
  await page.goto('/anomalies');
  const severities = page.locator('[data-fingerprint] [data-severity]');
  await expect(severities.first()).toBeVisible();
  const found = await severities.evaluateAll((marks) =>
    marks.map((mark) => ({ severity: mark.getAttribute('data-severity') as Severity })),
  );
  expect(found.toSorted(bySeverity)).toEqual(found);
  expect(new Set(found.map(({ severity }) => severity)).size).toBeGreaterThan(2);
});

test('a figure of the overview leads to what it counts, and a filter that leaves nothing can be cleared', async ({
  page,
  stack,
}) => {
  importFixture(stack, 'webrtc-without-audio-deltas');
  await page.goto('/');
  await page.getByRole('link', { name: 'Missing deltas' }).click();
  await expect(page.getByRole('button', { name: 'high', pressed: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'info', pressed: false })).toBeVisible();
  await page.goto('/anomalies?rule=missing-delta&severity=low');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(page).toHaveURL(/\/anomalies$/);
  await expect(page.getByText('No audio deltas, as expected here').first()).toBeVisible();
});
