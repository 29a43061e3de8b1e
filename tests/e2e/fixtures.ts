import type { Page } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import type { Stack } from '#tests/support/stack.ts';
import { removeStackFolder, startStack } from '#tests/support/stack.ts';

/** What the browser said that it should not have said. */
export interface Complaints {
  /** Everything logged as an error and every exception, as text. */
  readonly found: string[];
  /** Lets what contains `text` pass from now on: a test that kills the dashboard expects failed requests. */
  allow(text: string): void;
}

interface TestFixtures {
  readonly complaints: Complaints;
}

interface WorkerFixtures {
  /** Everything that `npm start` runs, one for all tests. */
  readonly stack: Stack;
}

/** A test with a running stack as `baseURL`; it fails when a page logged an error. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
    async ({}, use) => {
      const stack = await startStack({ env: { DELTASCOPE_TAP_DRAIN_MS: '1000' } });
      await use(stack);
      await stack.stop('SIGINT');
      removeStackFolder(stack.folder);
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.dashboardUrl),
  complaints: [
    async ({ page }, use) => {
      const complaints = listen(page);
      await use(complaints);
      expect(complaints.found, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

function listen(page: Page): Complaints {
  const found: string[] = [];
  const allowed: string[] = [];
  const take = (text: string) => {
    if (!allowed.some((part) => text.includes(part))) found.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') take(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => take(String(error.stack ?? error)));
  return { found, allow: (text) => allowed.push(text) };
}
