/** What `npm run check` runs: the gates that read files only. */
import { makeStepList } from '#workers/shared/step-list.ts';
import { finishRun } from './finish-run.ts';
import { QUICK_GATES } from './gates.ts';
import { runGate } from './run-gate.ts';
import type { Count } from './test-report.ts';

const started = performance.now();
const steps = makeStepList();
const counts: Count[] = [];
for (const gate of QUICK_GATES) counts.push(await runGate(steps, gate));
finishRun(steps, counts, performance.now() - started);
