import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { childEnv } from '#lib/config/env.ts';
import type { Step, StepList } from '#workers/shared/step-list.ts';
import type { Gate } from './gates.ts';
import { reportFile } from './gates.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Tests (or gates that are no tests) by outcome. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const PASSED: Count = { passed: 1, failed: 0, skipped: 0 };
const FAILED: Count = { passed: 0, failed: 1, skipped: 0 };

/** Adds outcomes up. */
export function addCounts(counts: readonly Count[]): Count {
  const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** Runs any work as one step of the list; what it throws is shown and counted, and the next step goes on. */
export async function runStep(steps: StepList, name: string, work: (step: Step) => Promise<Count> | Count): Promise<Count> {
  const run = { count: FAILED };
  try {
    await steps.run(name, async (step) => {
      run.count = await work(step);
      if (run.count.failed > 0) throw new Error(`${name} failed`);
    });
  } catch (thrown) {
    if (run.count === FAILED && thrown instanceof Error && thrown.message !== `${name} failed`)
      steps.print(`  ${thrown.message}`);
  }
  return run.count;
}

/** Runs a gate as a process of its own and counts what it says. */
export async function runGate(steps: StepList, gate: Gate): Promise<Count> {
  const report = reportFile(gate.name);
  const notes: string[] = [];
  const count = await runStep(steps, gate.name, async (step) => {
    mkdirSync(dirname(report), { recursive: true });
    rmSync(report, { force: true });
    const { succeeded, lines } = await runProcess(gate, step);
    // A run with random choices is only worth something with its seed.
    notes.push(...lines.filter((line) => gate.isReport === true || /\bseed\b/i.test(line)));
    const counted = gate.runner === undefined ? PASSED : readReport(report, gate.runner);
    if (gate.runner !== undefined) step.detail(describeCount(counted));
    else if (succeeded && gate.isReport !== true && lines.length > 0) step.detail((lines.at(-1) ?? '').trim());
    return succeeded || counted.failed > 0 ? counted : failedOnce(counted);
  });
  for (const note of notes) steps.print(`  ${note}`);
  return count;
}

/** The count of a process that failed although no single test did. */
function failedOnce(counted: Count): Count {
  return counted === PASSED ? FAILED : { ...counted, failed: 1 };
}

async function runProcess(gate: Gate, step: Step): Promise<{ readonly succeeded: boolean; readonly lines: readonly string[] }> {
  const env = childEnv({ FORCE_COLOR: undefined, NO_COLOR: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile(gate.name) });
  const child = spawn(process.execPath, gate.args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      step.output(part);
    });
  }
  const [code] = await once(child, 'close');
  process.removeListener('exit', kill);
  return {
    succeeded: code === 0,
    lines: stripVTControlCharacters(text)
      .split('\n')
      .filter((line) => line.trim() !== ''),
  };
}

/** The counts of a test run; a runner that left no report failed before its first test. */
function readReport(file: string, runner: NonNullable<Gate['runner']>): Count {
  if (!existsSync(file)) return FAILED;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  if (runner === 'vitest') {
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  }
  return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected, skipped: report.stats.skipped };
}

function describeCount({ passed, failed, skipped }: Count): string {
  const parts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  return parts.join(', ');
}
