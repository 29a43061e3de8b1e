import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Env } from '#lib/config/env.ts';
import { childEnv } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { pathOf } from './gate.ts';

/** The button of the first page: plays the simulator's calls through the tap, one demo at a time, in a process of its own. */
export class Demo {
  readonly #env: Env;
  readonly #log: Logger;
  #running: ChildProcess | null = null;

  constructor(env: Env, log: Logger) {
    this.#env = env;
    this.#log = log;
  }

  /** Answers the button; false where the request is not its. Who asks was admitted by the gate: own origin, and logged in where needed. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'POST' || pathOf(request) !== DEMO_PATH) return false;
    request.resume();
    const state = this.#running !== null ? 'running' : this.#env.DELTASCOPE_SIMULATOR ? 'started' : 'off';
    if (state === 'started') this.#start();
    response.writeHead(state === 'off' ? 409 : 202, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ state }));
    return true;
  }

  close(): void {
    this.#running?.kill('SIGTERM');
  }

  #start(): void {
    const { DELTASCOPE_TAP_PORT: tap, DELTASCOPE_PORT: port } = this.#env;
    const env = childEnv({ DELTASCOPE_TAP_PORT: String(tap), DELTASCOPE_PORT: String(port) });
    const child = spawn(process.execPath, [DEMO_PROGRAM], { stdio: 'ignore', env });
    this.#running = child;
    const forget = () => {
      this.#running = null;
    };
    child.once('error', (err) => {
      forget();
      this.#log.error({ err }, 'cannot start the demo');
    });
    child.once('exit', (code) => {
      forget();
      if (code === 0 || code === null) this.#log.info({ code }, 'demo ended');
      else this.#log.warn({ code }, 'not every call of the demo was played; `npm run demo` says why');
    });
  }
}

const DEMO_PATH = '/demo';
const DEMO_PROGRAM = join(ROOT_FOLDER, 'workers/simulator/demo-main.ts');
