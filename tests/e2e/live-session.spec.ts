import { measureTree } from '#scripts/process-memory.ts';
import { findTagged, holdCall, playCall, relayedMessages } from './calls.ts';
import { expect, test } from './fixtures.ts';
import { countedEvents, heldEvents, sessionReady } from './session-page.ts';

test('a call appears in the list, grows while it is open, ends, and the page counts what the tap counts', async ({
  page,
  stack,
}) => {
  await page.goto('/sessions');
  const before = await relayedMessages(stack);
  const call = await holdCall(stack, 'grows');
  await call.type(10);
  await page.getByRole('row').filter({ hasText: 'test=grows' }).getByRole('link').click();
  await sessionReady(page);
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  await expect.poll(() => heldEvents(page)).toBe(call.messages());
  await call.type(20);
  await expect.poll(() => heldEvents(page)).toBe(call.messages());
  await call.hangUp();
  await expect(page.getByText('closed by client · 1000')).toBeVisible();
  const relayed = (await relayedMessages(stack)) - before;
  expect(call.messages()).toBe(relayed);
  await expect.poll(() => countedEvents(page)).toBe(relayed);
});

test('a dashboard that is killed in the middle of a call leaves no gap and nothing twice', async ({
  page,
  stack,
  complaints,
}) => {
  complaints.allow('ERR_CONNECTION');
  complaints.allow('WebSocket connection');
  complaints.allow('Failed to load resource');
  const call = await holdCall(stack, 'restart');
  await call.type(20);
  await expect.poll(() => findTagged(stack, 'restart')).not.toBeNull();
  await page.goto(`/sessions/${await findTagged(stack, 'restart')}`);
  await sessionReady(page);
  await expect.poll(() => heldEvents(page)).toBe(call.messages());
  process.kill(dashboardPid(stack.process.pid ?? 0), 'SIGKILL');
  await expect(page.getByText('Reconnecting…')).toBeVisible();
  await call.type(20);
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);
  await call.type(20);
  await call.hangUp();
  await expect(page.getByText('closed by client · 1000')).toBeVisible();
  await expect.poll(() => heldEvents(page)).toBe(call.messages());
  // Nothing missing between the first and the last: the page would say so.
  await expect(page.getByText('not recorded')).toHaveCount(0);
});

test('the list stays where the reader is while new sessions come, and shows them on request', async ({ page, stack }) => {
  await page.setViewportSize({ width: 1440, height: 320 });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await playCall(stack, 'text-turn', `fill-${name}`, 0.02);
  await page.goto('/sessions');
  await expect(page.getByTitle('test=fill-f', { exact: true })).toBeVisible();
  await page.getByRole('region', { name: 'Sessions' }).evaluate((box) => box.scrollTo(0, 120));
  const shown = page.locator('[data-session]').nth(3);
  const top = (await shown.boundingBox())?.y;
  await playCall(stack, 'text-turn', 'while-reading', 0.02);
  await expect(page.getByRole('button', { name: '1 new' })).toBeVisible();
  expect((await shown.boundingBox())?.y).toBe(top);
  await page.getByRole('button', { name: '1 new' }).click();
  await expect(page.getByTitle('test=while-reading', { exact: true })).toBeVisible();
});

/** The dashboard among the processes of `npm start`. */
function dashboardPid(parent: number): number {
  const found = measureTree(parent).find((one) => one.command.includes('workers/dashboard/main.ts'));
  if (found === undefined) throw new Error('The dashboard is not among the workers.');
  return found.pid;
}
