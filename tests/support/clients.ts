import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClientReport } from './clients-hashes.ts';

const run = promisify(execFile);
const ENTRY = {
  openai: new URL('./clients-openai-main.ts', import.meta.url),
  agents: new URL('./clients-agents-main.ts', import.meta.url),
} as const;

/** An application in a process of its own: `NODE_EXTRA_CA_CERTS` counts only when it is set at the start. */
export async function runClient(kind: keyof typeof ENTRY, args: readonly string[], caFile: string): Promise<ClientReport> {
  const entry = fileURLToPath(ENTRY[kind]);
  const { stdout } = await run(process.execPath, [entry, ...args], {
    // Nothing of a test calls home.
    env: { NODE_ENV: 'test', NODE_EXTRA_CA_CERTS: caFile, OPENAI_AGENTS_DISABLE_TRACING: '1' },
    timeout: 45_000,
    maxBuffer: 64 * 1024 ** 2,
  });
  return JSON.parse(stdout);
}
