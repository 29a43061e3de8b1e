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

export interface NextAppOptions {
  readonly dev: boolean;
  readonly server: Server;
  /** Where `app/` and its build lie. */
  readonly folder?: string;
}

/** Whether the pages have been built. */
export function isBuilt(folder = ROOT_FOLDER): boolean {
  return existsSync(join(folder, '.next', 'BUILD_ID'));
}

/**
 * Prepares Next.js to answer on our own server.
 * @throws DeltascopeError DS_DASHBOARD_NOT_BUILT
 */
export async function openNextApp({ dev, server, folder = ROOT_FOLDER }: NextAppOptions): Promise<NextApp> {
  if (!dev && !isBuilt(folder)) throw new DeltascopeError('DS_DASHBOARD_NOT_BUILT', `There is no build in ${folder}.`);
  const app = next({ dev, dir: folder, httpServer: server, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  return { handle: (request, response) => handle(request, response), close: () => app.close() };
}
