import { rmSync } from 'node:fs';
import { startDashboardProcess } from '#tests/support/dashboard.ts';
import { startStoppablePostgres } from '#tests/support/stoppable-postgres.ts';
import { makeTempFolder } from '#tests/support/temp-folder.ts';
import { playScenario } from '#workers/simulator/play.ts';
import { readScenario } from '#workers/simulator/scenario.ts';
import { findTagged, playCall } from './calls.ts';
import { expect, test } from './fixtures.ts';
import { importFixture } from './import-files.ts';
import { look } from './look.ts';
import { openSession, sessionReady } from './session-page.ts';

test('an address that leads nowhere says so', async ({ page, complaints }) => {
  complaints.allow('404');
  await page.goto('/sessions/00000000-0000-7000-8000-000000000000');
  await expect(page.getByRole('heading', { name: 'This session is not here' })).toBeVisible();
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
});

test('a session can be read with the keyboard alone', async ({ page, stack }) => {
  await playCall(stack, 'barge-in', 'keys', 0.2);
  await page.goto('/sessions');
  await expect(page.getByTitle('test=keys', { exact: true })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await sessionReady(page);
  await page.keyboard.press('j');
  await expect(page.getByRole('complementary', { name: 'Event 1' })).toBeVisible();
  await page.keyboard.press('x');
  await expect(page.getByRole('complementary').getByText('turn_detected').first()).toBeVisible();
  await expect(page).toHaveURL(/seq=\d+/);
  await page.keyboard.press('w');
  await page.keyboard.press('w');
  await expect(page).toHaveURL(/view=/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await page.keyboard.press('f');
  await expect(page).not.toHaveURL(/view=/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('response.done');
  await expect(page.getByText(/^2 of \d+ events$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('2');
  await expect(page.getByRole('region', { name: 'Conversation' })).toBeVisible();
});

test('a link leads to the very event, in the list, in the lanes and in full', async ({ page, stack }) => {
  await playCall(stack, 'tool-call', 'link', 0.2);
  await expect.poll(() => findTagged(stack, 'link')).not.toBeNull();
  await openSession(page, (await findTagged(stack, 'link')) ?? '', '?seq=2');
  await expect(page.getByRole('row', { selected: true })).toHaveAttribute('data-seq', '2');
  const drawer = page.getByRole('complementary', { name: 'Event 2' });
  await drawer.getByRole('button', { name: 'Raw' }).click();
  await expect(drawer.getByRole('region', { name: 'Message' })).toContainText('"type":"session.update"');
});

test('on a phone each tag in the list is whole, or not there; one that is wider than its place ends in dots', async ({
  page,
  stack,
}) => {
  await playCall(stack, 'text-turn', 'a-tag-that-is-long', 0.2);
  await playCall(stack, 'text-turn', 'many,env=staging,customer=acme,build=4711,region=eu-west', 0.2);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/sessions');
  await expect(page.getByTitle('test=a-tag-that-is-long', { exact: true })).toBeVisible();
  // The link lies over its row, so all that has no place is told by its title.
  const many = page.getByRole('row').filter({ hasText: 'env=staging' });
  await expect(many.getByRole('link')).toHaveAttribute('title', /\ncustomer=acme/);
  const shown = await page.locator('[data-tags]').evaluateAll((places) =>
    places.flatMap((place) => {
      const frame = place.getBoundingClientRect();
      return [...place.children]
        .map((tag) => ({ tag, box: tag.getBoundingClientRect(), words: tag.firstElementChild ?? tag }))
        .filter(({ box }) => box.top < frame.bottom)
        .map(({ tag, box, words }) => ({
          text: tag.textContent,
          isInside: box.bottom <= frame.bottom && box.left >= frame.left - 1 && box.right <= frame.right + 1,
          isWhole: words.scrollWidth <= words.clientWidth,
          fillsItsPlace: box.width >= frame.width - 1,
        }));
    }),
  );
  expect(shown.length).toBeGreaterThan(1);
  expect(shown.filter(({ isInside, isWhole, fillsItsPlace }) => !isInside || !(isWhole || fillsItsPlace))).toEqual([]);
});

test('the title of a browser tab tells the page, and one call from another', async ({ page, stack, complaints }) => {
  complaints.allow('404');
  const id = importFixture(stack, 'ga-spoken-turn');
  await page.goto('/');
  await expect(page).toHaveTitle('Overview · Deltascope');
  await openSession(page, id);
  await expect(page).toHaveTitle(`gpt-realtime-2025-08-28 · ${id.slice(-6)} · Deltascope`);
  await page.goto('/sessions/00000000-0000-7000-8000-000000000000');
  await expect(page).toHaveTitle('No such session · Deltascope');
});

test('the help names the keys of the page at hand, and no others', async ({ page, stack }) => {
  const id = importFixture(stack, 'ga-spoken-turn');
  const help = page.getByRole('dialog', { name: 'Keys' });
  for (const [path, title, names] of [
    ['/', null, false],
    ['/sessions', 'In the list', true],
    [`/sessions/${id}`, 'In a session', true],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('status').first()).toHaveText(/^Live/);
    await page.keyboard.press('?');
    await expect(help.getByText('This help')).toBeVisible();
    await expect(help.getByRole('heading', { level: 3 })).toHaveText([...(title === null ? [] : [title]), 'Everywhere']);
    await expect(help.getByText('To the filter')).toHaveCount(names ? 1 : 0);
  }
});

test('every page, every view of a session and a search are a few keys away', async ({ page, stack }) => {
  const id = importFixture(stack, 'ga-spoken-turn');
  const goTo = async (words: string) => {
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog', { name: 'Go to' }).getByRole('combobox')).toBeFocused();
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  await page.goto('/sessions');
  await expect(page.getByRole('status').first()).toHaveText(/^Live/);
  await page.getByRole('combobox').focus();
  await goTo('usag');
  await expect(page).toHaveURL(/\/usage$/);
  await goTo('rule mismatch');
  await expect(page.getByRole('heading', { name: 'delta-mismatch' })).toBeVisible();
  await goTo('refund policy');
  await expect(page.getByRole('combobox')).toHaveValue('refund policy');
  await openSession(page, id, '?seq=2');
  let reads = 0;
  page.on('request', (request) => {
    if (request.url().includes(id)) reads += 1;
  });
  await goTo('conv');
  await expect(page.getByRole('region', { name: 'Conversation' })).toBeVisible();
  // The page goes on as it is: the selection stays, and nothing is read anew.
  await expect(page).toHaveURL(/\?seq=2&tab=conversation$/);
  expect(reads).toBe(0);
  await page.getByRole('button', { name: 'Go to a page, or search' }).click();
  await expect(page.getByRole('dialog', { name: 'Go to' }).getByRole('combobox')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
  await look(page, 'palette', 'light');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('who closes the palette goes on typing where they were', async ({ page, stack }) => {
  importFixture(stack, 'ga-text-turn');
  await page.goto('/sessions');
  await expect(page.getByRole('status').first()).toHaveText(/^Live/);
  const box = page.getByRole('combobox', { name: 'Search sessions' });
  await box.pressSequentially('sta');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog', { name: 'Go to' }).getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(box).toBeFocused();
  await page.keyboard.type('tus');
  await expect(box).toHaveValue('status');
});

test('who comes back from a session goes on in the list where they left it', async ({ page, stack }) => {
  for (const name of ['ga-spoken-turn', 'ga-text-turn', 'ga-tool-round']) importFixture(stack, name);
  await page.goto('/sessions');
  const ids = () => page.locator('[data-session]').evaluateAll((links) => links.map((link) => link.getAttribute('data-session')));
  await expect(page.locator('[data-session]').nth(2)).toBeVisible();
  const [, second, third] = await ids();
  await page.locator(`[data-session="${second}"]`).click();
  await sessionReady(page);
  await page.goBack();
  await expect(page.locator(`[data-session="${second}"]`)).toBeVisible();
  // Enter presses a button that has the focus.
  await page.getByRole('button', { name: 'Go to a page, or search' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Go to' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL(/\/sessions$/);
  await page.getByRole('region', { name: 'Sessions' }).focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/sessions/${third}`));
});

test('a session that the provider closed says with which words', async ({ page, stack }) => {
  await playScenario({
    scenario: readScenario('retired-beta'),
    dialect: 'beta',
    url: `ws://${stack.tap}/up/simulator/v1/realtime?model=gpt-4o-realtime-preview`,
    headers: { 'x-simulator-scenario': 'retired-beta', 'x-deltascope-tags': 'test=retired' },
    pace: 0.3,
  });
  await expect.poll(() => findTagged(stack, 'retired')).not.toBeNull();
  await openSession(page, (await findTagged(stack, 'retired')) ?? '');
  await expect(page.getByText('closed by server · 4000: invalid_request_error.beta_api_shape_disabled')).toBeVisible();
  await expect(page.getByText('1 event', { exact: true })).toBeVisible();
});

test('a page that could not be made is made once the database is back and one tries again', async ({ page, complaints }) => {
  complaints.allow('500');
  complaints.allow('React error');
  complaints.allow('503');
  const folder = makeTempFolder('e2e-away');
  const postgres = await startStoppablePostgres(folder);
  const dashboard = await startDashboardProcess({ databaseUrl: postgres.url });
  try {
    await postgres.stop('kill');
    await page.goto(`${dashboard.url}/usage`);
    await expect(page.getByText('This page could not be made')).toBeVisible();
    await postgres.start();
    await expect(async () => {
      await page.getByRole('button', { name: 'Try again' }).click({ timeout: 1000 });
      await expect(page.getByText('No session in these days')).toBeVisible({ timeout: 2000 });
    }).toPass();
  } finally {
    await dashboard.stop();
    await postgres.stop('fast');
    rmSync(folder, { recursive: true, force: true });
  }
});
