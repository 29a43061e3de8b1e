import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '#workers/shared/free-port.ts';
import type { EndReport, Load } from './end.ts';

/** The four processes of the bench. */
export interface Processes {
  /** Base addresses of the three ways from the application to the upstream. */
  readonly ways: Readonly<Record<Way, string>>;
  run(way: Way, load: Load): Promise<{ readonly application: readonly EndReport[]; readonly upstream: readonly EndReport[] }>;
  stop(): Promise<void>;
}

export type Way = 'direct' | 'bare' | 'ours';

const ROOT = join(import.meta.dirname, '../..');
const HOST = '127.0.0.1';
const START_WITHIN_MS = 15_000;
const STOP_WITHIN_MS = 5000;

/** Starts upstream, application, the bare relay and a real tap that records into `dataFolder`. */
export async function startProcesses(dataFolder: string): Promise<Processes> {
  const upstream = fork(join(import.meta.dirname, 'upstream-process.ts'));
  const upstreamPort = await portOf(upstream);
  const bare = fork(join(import.meta.dirname, 'bare-process.ts'), [`ws://127.0.0.1:${upstreamPort}`]);
  const barePort = await portOf(bare);
  const { tap, port: tapPort } = await startTap(dataFolder, upstreamPort);
  const application = fork(join(import.meta.dirname, 'application-process.ts'));
  const ways = {
    direct: `ws://127.0.0.1:${upstreamPort}/v1/realtime`,
    bare: `ws://127.0.0.1:${barePort}/v1/realtime`,
    ours: `ws://127.0.0.1:${tapPort}/up/bench/v1/realtime`,
  };
  return {
    ways,
    run: async (way, load) => {
      const applicationReports = await ask(application, { url: ways[way], load });
      return { application: applicationReports, upstream: await ask(upstream, 'collect') };
    },
    stop: async () => {
      await Promise.all([application, tap, bare, upstream].map(end));
    },
  };
}

async function startTap(
  dataFolder: string,
  upstreamPort: number,
): Promise<{ readonly tap: ChildProcess; readonly port: number }> {
  const [port, tlsPort] = await Promise.all([findFreePort(HOST, 0), findFreePort(HOST, 0)]);
  const env = {
    NODE_ENV: 'production',
    DELTASCOPE_DATA_DIR: dataFolder,
    DELTASCOPE_TAP_PORT: String(port),
    DELTASCOPE_TAP_TLS_PORT: String(tlsPort),
    DELTASCOPE_UPSTREAMS: JSON.stringify({ bench: { kind: 'compatible', url: `http://127.0.0.1:${upstreamPort}` } }),
    DELTASCOPE_LOG_LEVEL: 'warn',
  } as const;
  const tap = fork(join(ROOT, 'workers/tap/main.ts'), { env });
  const deadline = performance.now() + START_WITHIN_MS;
  while (!(await isReady(port))) {
    if (tap.exitCode !== null || performance.now() > deadline)
      throw new Error('The tap did not start; its message stands above.');
    await sleep(50);
  }
  return { tap, port: Number(port) };
}

async function isReady(port: number | null): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return message.port;
}

/** Sends a question and waits for the answer, or for the child's end. */
async function ask(child: ChildProcess, question: object | string): Promise<readonly EndReport[]> {
  const answered = new AbortController();
  const answer = once(child, 'message', answered) as Promise<[{ reports: EndReport[] }]>;
  const gone = once(child, 'exit', answered).then(() => {
    throw new Error('A process of the bench ended early; its message stands above.');
  });
  gone.catch(() => {});
  child.send(question);
  const [{ reports }] = await Promise.race([answer, gone]);
  answered.abort();
  return reports;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([exited, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
  if (child.exitCode === null) child.kill('SIGKILL');
}
