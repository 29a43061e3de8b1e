import type { Locator, Page } from '@playwright/test';
import { findTagged, holdCall } from './calls.ts';
import { expect, test } from './fixtures.ts';
import { importFixture } from './import-files.ts';
import { openSession, sessionReady } from './session-page.ts';

/** A drawn call of 4.126 s: cancelled responses at #32 and #41, a failed transcription at #54, anomalies proven by #32 and #41. */
const CALL = 'ga-barge-in';
/** Width of the lanes' labels; the axis begins after it, with 1 % of air before and 2 % after the session. */
const GUTTER = 118;

test.use({ viewport: { width: 1440, height: 900 } });

test('the minimap chooses what the lanes show: a new part, the part moved, its edge pulled, all of it', async ({
  page,
  stack,
}) => {
  await openSession(page, importFixture(stack, CALL));
  const minimap = page.getByRole('img', { name: 'The whole session' });
  await drag(page, minimap, 0.5, 0.75);
  // 4126 ms × (1.03 × 0.5 - 0.01) and (1.03 × 0.75 - 0.01)
  await expectView(page, 2084, 3146);
  await drag(page, minimap, 0.6, 0.7);
  await expectView(page, 2509, 3571);
  await drag(page, minimap, 0.85, 0.95);
  await expectView(page, 2509, 3996);
  await minimap.dblclick({ position: { x: 400, y: 20 } });
  await expect(page).not.toHaveURL(/view=/);
});

test('the wheel zooms where the pointer is, a drag pans, a double click shows everything, a click selects', async ({
  page,
  stack,
}) => {
  await openSession(page, importFixture(stack, CALL));
  const lanes = page.getByRole('img', { name: /^Lanes of/ });
  const box = await boxOf(lanes);
  await page.mouse.move(box.x + box.width / 2, box.y + 10);
  await page.mouse.wheel(0, -400);
  await expect(page).toHaveURL(/view=/);
  const before = await viewOf(page);
  await drag(page, lanes, 0.6, 0.5, 10);
  await expect.poll(async () => (await viewOf(page)).from).toBeGreaterThan(before.from);
  await lanes.dblclick({ position: { x: 700, y: 10 } });
  await expect(page).not.toHaveURL(/view=/);
  // The cancelled response is the first bar of its lane: from 1.62 s on.
  const bar = at(box, (1.7 / 4.126 + 0.01) / 1.03);
  const lane = await laneHeight(page, lanes, bar, 'cancelled');
  await page.mouse.click(bar, lane);
  await expect(page).toHaveURL(/seq=9\b/);
});

test('keys lead to anomalies, errors, cancellations, turns and neighbours', async ({ page, stack }) => {
  await openSession(page, importFixture(stack, CALL));
  await page.keyboard.press('k');
  await expect(page.getByRole('complementary', { name: 'Event 65' })).toBeVisible();
  await page.keyboard.press('Escape');
  const steps: readonly (readonly [key: string, seq: number])[] = [
    ['n', 32],
    ['n', 41],
    ['N', 32],
    ['e', 54],
    ['X', 41],
    ['X', 32],
    ['x', 41],
    ['[', 40],
    ['[', 26],
    [']', 40],
    ['N', 32],
    ['.', 34],
    [',', 32],
    ['k', 31],
    ['j', 32],
  ];
  for (const [key, seq] of steps) {
    await page.keyboard.press(key);
    await expect(page.getByRole('complementary', { name: `Event ${seq}`, exact: true }), `after ${key}`).toBeVisible();
  }
  await page.keyboard.press('f');
  await expect(page).toHaveURL(/view=/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('f');
  await expect(page).not.toHaveURL(/view=/);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Filter by type, id or words said')).toBeFocused();
});

test('a response that failed is an error in the list and to its key, one that was cut off is marked', async ({ page, stack }) => {
  const done = (kind: string) => page.locator(`[data-kind="${kind}"]`).filter({ hasText: 'response.done' });
  await openSession(page, importFixture(stack, 'failed-response-server-error'));
  await expect(done('error')).toHaveCount(1);
  await page.keyboard.press('e');
  await expect(page.getByRole('row', { selected: true })).toHaveText(/response\.done.*failed/);
  await openSession(page, importFixture(stack, CALL));
  await expect(done('cancelled').first()).toContainText('turn_detected');
  await expect(done('error')).toHaveCount(0);
});

test('Enter unfolds the selected run, and presses the button that has the focus', async ({ page, stack }) => {
  await openSession(page, importFixture(stack, CALL), '?seq=19');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Fold 4 events', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Next event' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Event 20' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Fold 4 events', exact: true })).toBeVisible();
});

test('y copies a link to the moment, and says so', async ({ page, stack, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = importFixture(stack, CALL);
  await openSession(page, id, '?seq=41');
  await page.keyboard.press('y');
  await expect(page.getByRole('button', { name: 'Copy link' })).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${stack.dashboardUrl}/sessions/${id}?seq=41`);
});

test('a link names a moment by its time, a part of the session, a tab', async ({ page, stack }) => {
  const id = importFixture(stack, CALL);
  await openSession(page, id, '?t=2.226');
  await expect(page.getByRole('complementary', { name: 'Event 32' })).toBeVisible();
  await expect(page).toHaveURL(/seq=32/);
  // The list's notes are there although the drawer asked for the same rows.
  await expect(page.getByRole('row', { selected: true })).toContainText('cancelled (turn_detected)');
  await page.goto(`/sessions/${id}?tab=anomalies&seq=41`);
  await expect(page.locator('[data-anomaly]').filter({ hasText: '#41' })).toBeInViewport();
  await page.goto(`/sessions/${id}?view=0~500`);
  await sessionReady(page);
  await page.keyboard.press('2');
  await page.getByRole('button', { name: '3.670 s' }).click();
  await expect(page.getByRole('complementary', { name: 'Event 50' })).toBeVisible();
  await expect.poll(() => viewOf(page).then(({ from, to }) => from <= 3670 && to >= 3670)).toBe(true);
});

test('a link that names a message and a part has both, also after a look at another tab', async ({ page, stack }) => {
  await openSession(page, importFixture(stack, CALL), '?seq=41&view=0~500');
  await expect(page.getByRole('complementary', { name: 'Event 41' })).toBeVisible();
  await page.keyboard.press('2');
  await expect(page).toHaveURL(/tab=conversation/);
  await page.keyboard.press('1');
  await expect(page.getByRole('complementary', { name: 'Event 41' })).toBeVisible();
  await page.keyboard.press('d');
  // A fifth further, from where the link began.
  await expectView(page, 100, 600);
});

test('the lanes that one chooses stand in the link', async ({ page, stack }) => {
  const id = importFixture(stack, CALL);
  await openSession(page, id);
  const lanes = page.getByRole('img', { name: /^Lanes of/ });
  const usual = (await boxOf(lanes)).height;
  await page.getByRole('button', { name: 'Lanes' }).click();
  // In a menu letters look for a line; they are not the page's keys.
  await page.keyboard.press('n');
  await page.getByRole('menuitemcheckbox', { name: 'Audio, both ways' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Items' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await expect(page).toHaveURL(/lanes=speech,client,server,responses,usage,errors,anomalies$/);
  await expect.poll(async () => (await boxOf(lanes)).height).toBeLessThan(usual);
  await page.reload();
  await sessionReady(page);
  await expect.poll(async () => (await boxOf(lanes)).height).toBeLessThan(usual);
  await page.getByRole('button', { name: 'Lanes' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Those that say something' }).click();
  await expect(page).not.toHaveURL(/lanes=/);
  await page.goto(`/sessions/${id}?lanes=sppech`);
  await sessionReady(page);
  await expect.poll(async () => (await boxOf(lanes)).height).toBe(usual);
});

test('the drawer leads to what caused a message, what it proves, and what it changed', async ({ page, stack }) => {
  await openSession(page, importFixture(stack, CALL), '?seq=32');
  const drawer = page.getByRole('complementary');
  await drawer.getByRole('button', { name: '#26 input_audio_buffer.speech_started' }).click();
  await expect(drawer).toHaveAccessibleName('Event 26');
  await drawer.getByRole('button', { name: '#32 response.done' }).click();
  await drawer.getByRole('button', { name: 'Response cancelled' }).click();
  await expect(page).toHaveURL(/tab=anomalies/);
  await page.getByRole('button', { name: '#33 conversation.item.truncate' }).click();
  await expect(drawer).toHaveAccessibleName('Event 33');
  await page.getByRole('row').filter({ hasText: 'session.updated' }).click();
  await drawer.getByRole('button', { name: 'Changes' }).click();
  await expect(drawer.getByRole('region', { name: 'Message' })).toContainText('differ from #1 session.created');
  await drawer.getByRole('button', { name: '#1 session.created' }).click();
  await expect(drawer).toHaveAccessibleName('Event 1');
});

test('figures of the header lead from one to the next of what they count', async ({ page, stack }) => {
  await openSession(page, importFixture(stack, 'rejected-config-three-ways'));
  const header = page.locator('main header').first();
  await header.getByRole('button', { name: '1 critical' }).click();
  await expect(page.getByRole('complementary', { name: 'Event 2' })).toContainText('Configuration refused');
  await header.locator('dl > div', { hasText: 'Errors' }).getByRole('button').click();
  await expect(page.getByRole('complementary', { name: 'Event 3' })).toBeVisible();
  await expect(page.getByRole('row', { selected: true }).getByRole('img', { name: /^critical:/ })).toBeVisible();
});

test('a live session: an anomaly appears in the open page, and what comes while one reads waits to be asked for', async ({
  page,
  stack,
}) => {
  const call = await holdCall(stack, 'live-anomaly');
  await expect.poll(() => findTagged(stack, 'live-anomaly')).not.toBeNull();
  await openSession(page, (await findTagged(stack, 'live-anomaly')) ?? '');
  await expect(page.getByRole('button', { name: 'Following' })).toBeVisible();
  await page.getByRole('button', { name: 'Lanes' }).click();
  await expect(page.getByRole('menuitemcheckbox', { name: 'All lanes' })).toBeChecked();
  await page.keyboard.press('Escape');
  call.send({ type: 'session.update', session: { type: 'realtime', nonsense: true } });
  await expect(page.getByRole('button', { name: '1 critical' })).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByRole('complementary')).toContainText('Configuration refused');
  await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeVisible();
  await call.type(3);
  // Each item is sent once and answered twice.
  await expect(page.getByRole('button', { name: '9 new' })).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.getByRole('button', { name: 'Following' })).toBeVisible();
  await expect(page.getByRole('button', { name: /new$/ })).toHaveCount(0);
  await call.hangUp();
  await expect(page.getByText('closed by client')).toBeVisible();
});

test('in a low window, or zoomed in, the page scrolls to the list', async ({ page, stack }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await openSession(page, importFixture(stack, CALL));
  const list = page.getByRole('grid');
  await list.scrollIntoViewIfNeeded();
  await page.getByRole('row').filter({ hasText: 'session.created' }).scrollIntoViewIfNeeded();
  await expect(page.getByRole('row').filter({ hasText: 'session.created' })).toBeInViewport();
  expect((await boxOf(list)).height).toBeGreaterThan(150);
});

test('a response that nothing ended is counted in the header, and leads to where it began', async ({ page, stack }) => {
  await openSession(page, importFixture(stack, 'ga-reconnect-without-clock'));
  await page.locator('[data-figure="unended"]').getByRole('button', { name: '1' }).click();
  await expect(page).toHaveURL(/seq=\d+/);
  await expect(page.getByRole('complementary').getByText('response.created').first()).toBeVisible();
});

test('the menu of types is whole in the window, the most frequent first', async ({ page, stack }) => {
  await openSession(page, importFixture(stack, CALL));
  await page.getByRole('button', { name: 'Types' }).click();
  await expect(page.getByRole('menuitemcheckbox').first()).toBeInViewport({ ratio: 1 });
  const menu = await boxOf(page.getByRole('menu'));
  expect(menu.y).toBeGreaterThanOrEqual(0);
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf(canvas: Locator): Promise<Box> {
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('The canvas is not in the page.');
  return box;
}

/** The pixel of a share of the axis. */
function at(box: Box, share: number): number {
  return box.x + GUTTER + (box.width - GUTTER) * share;
}

async function drag(page: Page, canvas: Locator, from: number, to: number, y?: number): Promise<void> {
  const box = await boxOf(canvas);
  const height = box.y + (y ?? box.height / 2);
  await page.mouse.move(at(box, from), height);
  await page.mouse.down();
  await page.mouse.move(at(box, (from + to) / 2), height);
  await page.mouse.move(at(box, to), height);
  await page.mouse.up();
}

/** The part in view as the URL has it, in milliseconds. */
async function viewOf(page: Page): Promise<{ readonly from: number; readonly to: number }> {
  const [from = Number.NaN, to = Number.NaN] = (new URL(page.url()).searchParams.get('view') ?? '').split('~').map(Number);
  return { from, to };
}

/** Pixels are 3.3 ms wide here: a few of them are no difference. */
async function expectView(page: Page, from: number, to: number): Promise<void> {
  await expect
    .poll(() => viewOf(page).then((view) => Math.max(Math.abs(view.from - from), Math.abs(view.to - to))), {
      message: `the view is about ${from}~${to}`,
    })
    .toBeLessThan(12);
}

/** Finds the height at which a lane's tip says `text`, going down the lanes at one x: where lanes lie is their business. */
async function laneHeight(page: Page, canvas: Locator, x: number, text: string): Promise<number> {
  const box = await boxOf(canvas);
  for (let y = box.y + 30; y < box.y + box.height; y += 8) {
    await page.mouse.move(x, y);
    if (await page.getByRole('region', { name: 'Timeline' }).getByText(text).isVisible()) return y;
  }
  throw new Error(`No lane says "${text}".`);
}
