import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { coerceError } from '#lib/base/errors.ts';

/** Whether a worker can do its job now, and what each part says. */
export interface Readiness {
  readonly ready: boolean;
  /** A word or sentence per part, e.g. `{ database: 'ok' }`. Shown to whoever asks: no secrets, no addresses with passwords. */
  readonly parts: Readonly<Record<string, string>>;
}

export interface HealthOptions {
  readonly ready: () => Promise<Readiness> | Readiness;
  readonly registry: Registry;
}

/** A registry with the process's own metrics, every series labelled with the worker's name. */
export function makeMetrics(worker: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  collectDefaultMetrics({ register: registry, prefix: 'deltascope_' });
  return registry;
}

/**
 * Answers `/healthz` (the process lives), `/readyz` (it can work; 503 where not) and `/metrics` on any HTTP server.
 * @returns whether the request was one of these and has been answered.
 */
export async function handleHealth(request: IncomingMessage, response: ServerResponse, options: HealthOptions): Promise<boolean> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  switch (request.url?.split('?', 1)[0]) {
    case '/healthz':
      answer(response, 200, 'application/json', '{"alive":true}');
      return true;
    case '/readyz': {
      const readiness = await readinessOf(options);
      answer(response, readiness.ready ? 200 : 503, 'application/json', JSON.stringify(readiness));
      return true;
    }
    case '/metrics':
      answer(response, 200, options.registry.contentType, await options.registry.metrics());
      return true;
    default:
      return false;
  }
}

async function readinessOf({ ready }: HealthOptions): Promise<Readiness> {
  try {
    return await ready();
  } catch (thrown) {
    return { ready: false, parts: { worker: coerceError(thrown).name } };
  }
}

function answer(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(body);
}
