/** What `npm test` runs: every gate, every test, whatever fails on the way; ends with one line of counts. */

import type { Step } from '#workers/shared/step-list.ts';
import { makeStepList } from '#workers/shared/step-list.ts';
import { ensureDashboardBuild } from '#workers/start/dashboard-build.ts';
import { ensureDatabaseClient } from '#workers/start/database-client.ts';
import { ensureBrowser } from './ensure-browser.ts';
import { finishRun } from './finish-run.ts';
import { BROWSER_GATE, INTEGRATION_GATE, QUICK_GATES, UNIT_GATE } from './gates.ts';
import { runGate, runStep } from './run-gate.ts';
import type { Count } from './test-report.ts';

const started = performance.now();
const steps = makeStepList();
const counts: Count[] = [];

counts.push(await runStep(steps, 'database client', passing(ensureDatabaseClient)));
for (const gate of [...QUICK_GATES, UNIT_GATE]) counts.push(await runGate(steps, gate));
counts.push(await runStep(steps, 'dashboard build', passing(ensureDashboardBuild)));
counts.push(await runGate(steps, INTEGRATION_GATE));
const browser = await runStep(steps, 'find a browser', passing(ensureBrowser));
counts.push(browser);
if (browser.failed === 0) counts.push(await runGate(steps, BROWSER_GATE));
finishRun(steps, counts, performance.now() - started);

/** Work that either throws or has passed. */
function passing(work: (step: Step) => unknown): (step: Step) => Promise<Count> {
  return async (step) => {
    await work(step);
    return { passed: 1, failed: 0, skipped: 0 };
  };
}
