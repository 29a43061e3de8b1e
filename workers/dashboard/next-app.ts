import { existsSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import next from 'next';
import { DeltascopeError } from '#lib/base/errors.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** The pages and the API. */
export interface NextApp {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/** Whether the pages have been built. */
export function isBuilt(): boolean {
  return existsSync(join(ROOT_FOLDER, '.next', 'BUILD_ID'));
}

/**
 * Prepares Next.js to answer on our own server.
 * @throws DeltascopeError DS_DASHBOARD_NOT_BUILT
 */
export async function openNextApp(options: { readonly dev: boolean; readonly server: Server }): Promise<NextApp> {
  if (!options.dev && !isBuilt()) throw new DeltascopeError('DS_DASHBOARD_NOT_BUILT', `There is no build in ${ROOT_FOLDER}.`);
  const app = next({ dev: options.dev, dir: ROOT_FOLDER, httpServer: options.server, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  return { handle: (request, response) => handle(request, response), close: () => app.close() };
}
