import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from '#workers/shared/health.ts';
import { handleHealth } from '#workers/shared/health.ts';
import type { Recorder } from './start-recorder.ts';

export interface StatusServerOptions {
  readonly port: number;
  readonly recorder: Recorder;
  readonly spoolMaxBytes: number;
  /** Whether the database answers now. */
  readonly askDatabase: () => Promise<boolean>;
}

/** `GET /state`: the part of the page's recording notice that only the recorder knows. */
export interface RecorderState {
  readonly behindMs: number;
  readonly spoolBytes: number;
  readonly spoolMaxBytes: number;
  readonly databaseReachable: boolean;
}

/** Serves `/state`, `/healthz`, `/readyz` and `/metrics` on loopback. */
export async function serveStatus(options: StatusServerOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(request, response, options));
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, close };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: StatusServerOptions): Promise<void> {
  const health = { ready: () => readiness(options), registry: options.recorder.registry };
  if (await handleHealth(request, response, health)) return;
  const isState = request.method === 'GET' && request.url === '/state';
  response.writeHead(isState ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(isState ? JSON.stringify(await stateOf(options)) : '{}');
}

async function stateOf({ recorder, spoolMaxBytes, askDatabase }: StatusServerOptions): Promise<RecorderState> {
  const { behindMs, spoolBytes } = recorder.status();
  return { behindMs, spoolBytes, spoolMaxBytes, databaseReachable: await askDatabase() };
}

async function readiness({ askDatabase }: StatusServerOptions): Promise<Readiness> {
  const isReachable = await askDatabase();
  return { ready: isReachable, parts: { database: isReachable ? 'ok' : 'does not answer', spool: 'ok' } };
}
