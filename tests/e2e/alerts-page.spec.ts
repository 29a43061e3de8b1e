import { rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { migrateStore } from '#lib/store/migrate.ts';
import type { AlerterProcess } from '#tests/support/alerter.ts';
import { startAlerterProcess } from '#tests/support/alerter.ts';
import type { DashboardProcess } from '#tests/support/dashboard.ts';
import { startDashboardProcess } from '#tests/support/dashboard.ts';
import type { Receiver } from '#tests/support/receiver.ts';
import { startReceiver } from '#tests/support/receiver.ts';
import { seedAnomaly } from '#tests/support/seed-alerts.ts';
import type { SeedDatabase } from '#tests/support/seed-session.ts';
import { openSeedDatabase } from '#tests/support/seed-session.ts';
import { makeTempFolder } from '#tests/support/temp-folder.ts';
import type { EmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { lookAtAll } from './looks.ts';

let folder: string;
let postgres: EmbeddedPostgres;
let seed: SeedDatabase;
let receiver: Receiver;
let dashboard: DashboardProcess;
let alerter: AlerterProcess;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  folder = makeTempFolder('e2e-alerts');
  postgres = await startEmbeddedPostgres({ folder });
  await migrateStore(postgres.url);
  seed = await openSeedDatabase(postgres.url);
  receiver = await startReceiver();
  dashboard = await startDashboardProcess({ databaseUrl: postgres.url, env: { DELTASCOPE_ALERT_ALLOW_PRIVATE: '1' } });
  alerter = await startAlerterProcess(postgres.url);
});

test.afterAll(async () => {
  await Promise.all([alerter?.stop(), dashboard?.stop()]);
  await receiver?.close();
  await seed?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a person makes a channel and a rule, is told of an incident on any page, looks at it and resolves it', async ({ page }) => {
  test.setTimeout(180_000);
  const problems = collectProblems(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${dashboard.url}/alerts`);
  await expect(page.getByText('Nobody is told of anything yet')).toBeVisible();
  await shoot(page, 'empty');
  await makeChannel(page);
  await makeRule(page);
  await page.goto(`${dashboard.url}/sessions`);
  // The live connection stands: it says that no recorder runs here.
  await expect(page.getByText('Recorder silent')).toBeVisible();
  for (const severity of ['critical', 'high', 'medium'] as const) {
    await seedAnomaly(seed, await seed.session(), { severity, fingerprint: `missing-delta ${severity}` });
  }
  await page.getByRole('status', { name: 'New incidents' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/alerts\?incident=/);
  await expect(page.getByRole('heading', { name: 'No audio deltas' })).toBeVisible();
  await expect(page.locator('[data-delivery=delivered]').first()).toBeVisible();
  await shoot(page, 'incident');
  for (const name of ['Rules', 'Channels', 'Incidents']) {
    await page.getByRole('navigation', { name: 'Parts of alerts' }).getByRole('button', { name }).click();
    await expect(page.getByText('Reading')).toHaveCount(0);
    await shoot(page, name.toLowerCase());
  }
  await page.getByRole('region', { name: 'Incidents' }).getByRole('button').first().click();
  await page.getByRole('button', { name: 'Resolve' }).click();
  await expect(page.getByText('Resolved by hand.')).toBeVisible();
  expect(problems).toEqual([]);
});

async function makeChannel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Channels' }).first().click();
  await page.getByRole('button', { name: 'New channel' }).click();
  await page.getByLabel('Name').fill('On call');
  await page.getByLabel('Address').fill(`${receiver.url}/hooks/token`);
  await page.getByRole('button', { name: 'Make the channel' }).click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  await page.getByRole('button', { name: 'I have it' }).click();
  await expect(page.getByText(/^whsec_/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await expect(page.getByText('taken with 204')).toBeVisible();
}

async function makeRule(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Rules' }).first().click();
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByLabel('Name').fill('Missing deltas in production');
  await page.getByLabel('Severity, at least').selectOption('medium');
  await shoot(page, 'rule-form');
  await page.getByRole('button', { name: 'Make the rule' }).click();
  await expect(page.getByRole('article', { name: 'Missing deltas in production' })).toContainText('On call');
}

async function shoot(page: Page, name: string): Promise<void> {
  await lookAtAll(page, `alerts-${name}`);
  await page.setViewportSize({ width: 1440, height: 900 });
}

function collectProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  return problems;
}
