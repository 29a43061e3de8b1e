import { afterAll, beforeAll } from 'vitest';
import type { DashboardProcess } from './dashboard.ts';
import { startDashboardProcess } from './dashboard.ts';
import type { TestStore } from './test-store.ts';

/** The first to come builds the pages. */
const START_WITHIN_MS = 400_000;

/** Starts a dashboard over the database before the tests of this file, and ends it behind them. */
export function makeTestDashboard(
  database: TestStore,
  env: Readonly<Record<string, string>> = {},
): Pick<DashboardProcess, 'url' | 'output'> {
  let dashboard: DashboardProcess;
  beforeAll(async () => {
    dashboard = await startDashboardProcess({ databaseUrl: database.url, env });
  }, START_WITHIN_MS);
  afterAll(() => dashboard?.stop());
  return {
    get url() {
      return dashboard.url;
    },
    output: () => dashboard.output(),
  };
}
