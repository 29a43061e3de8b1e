import type { StepList } from '#workers/shared/step-list.ts';
import { formatDuration } from '#workers/shared/step-list.ts';
import { addCounts } from './run-gate.ts';
import type { Count } from './test-report.ts';

/** Prints the last lines of a run, and sets the exit code. */
export function finishRun(steps: StepList, counts: readonly Count[], ms: number): void {
  const { passed, failed, skipped } = addCounts(counts);
  if (skipped > 0) steps.print(`${skipped} skipped (each says why in its title or message)`);
  steps.print(`took ${formatDuration(ms)}`);
  steps.print(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
