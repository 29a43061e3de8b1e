import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { HealthOptions } from '#workers/shared/health.ts';
import { handleHealth } from '#workers/shared/health.ts';

/** Serves `/healthz`, `/readyz` and `/metrics` on loopback. */
export async function serveStatus(
  options: HealthOptions & { readonly port: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    if (await handleHealth(request, response, options)) return;
    response.writeHead(404).end();
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw new DeltascopeError('DS_START_PORT_TAKEN', `Port ${options.port} (DELTASCOPE_ALERTER_PORT) is taken.`, { cause });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
