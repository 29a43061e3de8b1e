import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { importFixture } from './import-files.ts';
import { look } from './look.ts';
import { lookAtAll } from './looks.ts';
import { sessionReady } from './session-page.ts';

/** Each tab with a session that fills it, and what then is to be seen in it. */
const TABS = [
  { name: 'timeline', fixture: 'ga-barge-in', query: '', shows: 'session.created' },
  { name: 'drawer', fixture: 'ga-barge-in', query: 'seq=32', shows: 'cancelled by the speech at' },
  { name: 'conversation', fixture: 'ga-barge-in', query: 'tab=conversation', shows: 'a long story' },
  { name: 'responses', fixture: 'ga-barge-in', query: 'tab=responses', shows: 'turn_detected' },
  { name: 'tools', fixture: 'unanswered-tool-call-three-ways', query: 'tab=tools', shows: 'no output' },
  { name: 'configuration', fixture: 'rejected-config-three-ways', query: 'tab=configuration', shows: 'not as asked for' },
  { name: 'usage', fixture: 'ga-barge-in', query: 'tab=usage', shows: 'Context growth' },
  { name: 'anomalies', fixture: 'rejected-config-three-ways', query: 'tab=anomalies', shows: 'Configuration refused' },
  { name: 'raw', fixture: 'ga-barge-in', query: 'tab=raw', shows: '"type":"session.created"' },
] as const;

/** Tabs that have nothing to show, and the reason that they give. */
const EMPTY = [
  { tab: 'conversation', reason: 'No item of this session is a message or a tool call.' },
  { tab: 'responses', reason: 'Nothing in this session asked for one' },
  { tab: 'tools', reason: 'The configuration offers the model no tool.' },
  { tab: 'usage', reason: 'this session has no response' },
] as const;

test('every tab of a session is legible and usable, light and dark, wide and narrow', async ({ page, stack }) => {
  test.setTimeout(300_000);
  const ids = new Map([...new Set(TABS.map(({ fixture }) => fixture))].map((name) => [name, importFixture(stack, name)]));
  for (const { name, fixture, query, shows } of TABS) {
    await page.goto(`/sessions/${ids.get(fixture)}?${query}`);
    await expect(visibleText(page, shows)).toBeVisible();
    await lookAtAll(page, `session-${name}`);
  }
});

test('a tab without content says why', async ({ page, stack }) => {
  const id = importFixture(stack, 'rejected-config-three-ways');
  for (const { tab, reason } of EMPTY) {
    await page.goto(`/sessions/${id}?tab=${tab}`);
    await expect(page.getByText(reason)).toBeVisible();
  }
  await look(page, 'session-empty-tab', 'dark');
});

test('a session without times says so and invents none', async ({ page, stack }) => {
  const id = importFixture(stack, 'ga-reconnect-without-clock');
  await page.goto(`/sessions/${id}`);
  await sessionReady(page);
  await expect(page.getByText('no times: in order of events')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 't', exact: true })).toHaveCount(0);
  await page.keyboard.press('3');
  await expect(page.getByText('none of its latencies are known')).toBeVisible();
  await look(page, 'session-without-times', 'light');
});

test('the configuration says which updates did not come into force, and leads to them', async ({ page, stack }) => {
  await page.goto(`/sessions/${importFixture(stack, 'rejected-config-three-ways')}?tab=configuration`);
  const findings = page.getByRole('region', { name: 'Updates that did not come into force' });
  await expect(findings.getByRole('heading', { level: 3 })).toHaveText([
    /refused: session.temperature/,
    /came out differently/,
    /not confirmed/,
  ]);
  await findings.getByRole('button', { name: '#2 session.update' }).click();
  await expect(page.getByRole('complementary', { name: 'Event 2' })).toBeVisible();
});

test('on a phone the settings still are a table of three columns', async ({ page, stack }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`/sessions/${importFixture(stack, 'rejected-config-three-ways')}?tab=configuration`);
  const settings = page.getByRole('region', { name: 'Settings' });
  await expect(settings.getByRole('columnheader')).toHaveText(['Setting', 'Requested', 'In effect']);
  await expect(settings.getByRole('row').nth(1).getByRole('cell')).toHaveCount(2);
  await expect(settings.getByRole('row').nth(1).getByRole('rowheader')).toHaveCount(1);
});

/** The first visible place of a text: some stand in the list and in the drawer. */
function visibleText(page: Page, text: string) {
  return page.getByRole('main').getByText(text).filter({ visible: true }).first();
}
