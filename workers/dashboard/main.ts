import { onShutdown, runWorker } from '#workers/shared/lifecycle.ts';
import { startDashboard } from './start-dashboard.ts';

/** Serves the dashboard. `--dev`: pages from source, for developers of Deltascope. */
await runWorker('dashboard', async ({ env, log }) => {
  const dashboard = await startDashboard({ env, log, dev: process.argv.includes('--dev') });
  onShutdown('dashboard', () => dashboard.close());
  log.info({ url: dashboard.url }, 'serving');
});
