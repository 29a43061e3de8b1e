import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DeltascopeError } from '#lib/base/errors.ts';
import { childEnv } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import type { Step } from '#workers/shared/step-list.ts';

export interface Tool {
  /** What it makes, for the message when it fails. */
  readonly product: string;
  /** Script and arguments for Node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a build tool in the program's folder; its output goes to the step.
 * @throws DeltascopeError DS_START_BUILD_FAILED
 */
export async function runTool({ product, args, env }: Tool, step: Step): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: ROOT_FOLDER, env: childEnv(env ?? {}), stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => step.output(text));
  const [code, signal] = await once(child, 'close');
  process.removeListener('exit', kill);
  if (code !== 0)
    throw new DeltascopeError('DS_START_BUILD_FAILED', `The ${product} could not be made (${signal ?? `status ${code}`}).`);
}
