import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const ANSWER_WITHIN_MS = 2000;

/** The answer of a worker's `/readyz`; null where nothing answers. */
export interface ReadyAnswer {
  readonly ready: boolean;
  readonly body: string;
}

/** Asks `/readyz` once. */
export function probeReady(host: string, port: number): Promise<ReadyAnswer | null> {
  const { promise, resolve } = Promise.withResolvers<ReadyAnswer | null>();
  // The name that every worker answers to, whatever address it is bound to.
  const headers = { host: 'localhost' };
  const request = get({ host: reachableFrom(host), port, path: '/readyz', headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve({ ready: response.statusCode === 200, body: Buffer.concat(chunks).toString() }));
    response.on('error', () => resolve(null));
  });
  request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy());
  request.on('error', () => resolve(null));
  return promise;
}

/** Asks until the answer is yes or `signal` says stop; gives the last answer. */
export async function waitUntilReady(host: string, port: number, signal: AbortSignal): Promise<ReadyAnswer | null> {
  let answer: ReadyAnswer | null = null;
  while (!signal.aborted) {
    answer = await probeReady(host, port);
    if (answer?.ready === true) break;
    await sleep(POLL_MS);
  }
  return answer;
}

/** An address that leads to a worker bound to `host`, from this machine. */
function reachableFrom(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
