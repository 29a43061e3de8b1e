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
import type { Count, TestReport } from './test-report.ts';
import { readPlaywrightReport, readVitestReport } from './test-report.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

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
    if (gate.runner === undefined) {
      if (succeeded && gate.isReport !== true && lines.length > 0) step.detail((lines.at(-1) ?? '').trim());
      return succeeded ? PASSED : FAILED;
    }
    const { retried, ...counted } = readReport(report, gate.runner);
    notes.push(...retried.map((title) => `passed on a second try: ${title}`));
    step.detail(describeCount(counted));
    // The process may fail although no single test did.
    return succeeded || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  });
  for (const note of notes) steps.print(`  ${note}`);
  return count;
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

/** A runner that left no report failed before its first test. */
function readReport(file: string, runner: NonNullable<Gate['runner']>): TestReport {
  if (!existsSync(file)) return { ...FAILED, retried: [] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return runner === 'vitest' ? readVitestReport(report) : readPlaywrightReport(report);
}

function describeCount({ passed, failed, skipped }: Count): string {
  const parts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  return parts.join(', ');
}
