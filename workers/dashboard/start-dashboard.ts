import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { allowedMethods } from '#app/api/v1/_api/allowed-methods.ts';
import { FAILURES } from '#app/api/v1/_api/failures.ts';
import { coerceError, DeltascopeError, ERRORS } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { missingMigrations } from '#lib/store/missing-migrations.ts';
import { shareStore } from '#lib/store/shared-store.ts';
import { databaseUrl } from '#workers/shared/database-url.ts';
import type { Readiness } from '#workers/shared/health.ts';
import { handleHealth, makeMetrics } from '#workers/shared/health.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { guardBinding } from '#workers/shared/network-guard.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { Demo } from './demo.ts';
import type { Gate, Lock, Refusal } from './gate.ts';
import { LOGIN_PAGE, makeGate, pathOf } from './gate.ts';
import type { LiveServer } from './live-server.ts';
import { openLiveServer } from './live-server.ts';
import { isBuilt, openNextApp } from './next-app.ts';
import type { Operator } from './operator.ts';
import { PasswordCheck } from './password.ts';
import { setSecurityHeaders } from './security-headers.ts';
import type { SignInParts } from './sign-in.ts';
import { handleSignIn } from './sign-in.ts';

export interface DashboardOptions {
  readonly env: Env;
  readonly log: Logger;
  /** Pages from source, for developers. */
  readonly dev: boolean;
}

export interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

const STORE_CONNECTIONS = 8;

/** A page says that the database is away rather than keep its reader waiting; searches give up sooner by themselves. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * Opens the dashboard: pages, API, live push, health, on one port.
 * @throws DeltascopeError DS_CONFIG_UNPROTECTED, DS_DASHBOARD_NOT_BUILT, DS_START_PORT_TAKEN
 */
export async function startDashboard({ env, log, dev }: DashboardOptions): Promise<Dashboard> {
  const host = env.DELTASCOPE_HOST;
  guardBinding({ host, isProtected: env.DELTASCOPE_PASSWORD !== undefined, setting: 'DELTASCOPE_HOST' });
  const url = databaseUrl(env);
  const store = connectStore({ url, maxConnections: STORE_CONNECTIONS, answerWithinMs: ANSWER_WITHIN_MS });
  shareStore(store);
  const people = env.DELTASCOPE_PASSWORD === undefined ? null : await openDoor(store, env.DELTASCOPE_PASSWORD);
  const gate = makeGate({ host, allowedHosts: env.DELTASCOPE_ALLOWED_HOSTS, lock: people?.lock ?? null });
  const registry = makeMetrics('dashboard');
  const server = createServer();
  const demo = new Demo(env, log);
  const next = await openNextApp({ dev, server });
  const listenUrl = env.DELTASCOPE_DATABASE_DIRECT_URL ?? url;
  const recorderPort = env.DELTASCOPE_RECORDER_PORT;
  server.on(
    'request',
    makeHandler({
      gate,
      demo,
      registry,
      dev,
      log,
      handle: next.handle,
      ready: () => readReadiness(store, live, dev),
      people: people === null ? null : { ...people, onSignOut: () => live.recheck() },
    }),
  );
  const live = openLiveServer({ server, gate, store, listenUrl, recorderPort, registry, log });
  const logFailure = (error: unknown) => log.error({ err: coerceError(error) }, 'the API failed to answer');
  FAILURES.subscribe(logFailure);
  const port = await listen(server, host, env.DELTASCOPE_PORT);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: async () => {
      FAILURES.unsubscribe(logFailure);
      demo.close();
      await live.close();
      server.closeAllConnections();
      await next.close();
      await disconnectStore(store);
    },
  };
}

/** Who comes in with a password: by the login page, or by HTTP Basic. */
interface Door {
  readonly operator: Operator;
  readonly limit: AttemptLimit;
  readonly lock: Lock;
}

/** The library behind accounts is loaded only where there is one. */
async function openDoor(store: Store, password: string): Promise<Door> {
  const { openOperator } = await import('./operator.ts');
  const operator = openOperator(store, password);
  const limit = new AttemptLimit();
  const lock = { password: new PasswordCheck(password, limit), isSignedIn: operator.isSignedIn };
  return { operator, limit, lock };
}

interface HandlerParts {
  readonly gate: Gate;
  readonly people: SignInParts | null;
  readonly demo: Demo;
  readonly registry: Registry;
  readonly dev: boolean;
  readonly log: Logger;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly ready: () => Promise<Readiness>;
}

/** Admission first, then health, then the pages. A live request never comes here: Socket.IO takes it before. */
function makeHandler({ gate, people, demo, registry, dev, log, handle, ready }: HandlerParts) {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    setSecurityHeaders(request, response, dev);
    const admission = await gate.admit(request);
    if (!admission.ok) return refuse(response, admission);
    if (!isWritten(pathOf(request))) return refuse(response, { status: 400, code: 'DS_API_INVALID', headers: {} });
    const allowed = allowedMethods(pathOf(request));
    if (allowed !== null && !allowed.includes(request.method ?? ''))
      return refuse(response, { status: 405, code: 'DS_API_METHOD_REFUSED', headers: { allow: allowed.join(', ') } });
    if (people !== null && (await handleSignIn(request, response, people))) return;
    if (people === null && pathOf(request) === LOGIN_PAGE) return redirect(response, '/');
    if (demo.handle(request, response)) return;
    if (await handleHealth(request, response, { ready, registry })) return;
    await handle(request, response);
  };
  return (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: coerceError(error) }, 'cannot answer a request');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

/** Whether a path's escapes are whole and spell text; no page would know what to do with others. */
function isWritten(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location });
  response.end();
}

function refuse(response: ServerResponse, { status, code, headers }: Omit<Refusal, 'ok'>): void {
  const { meaning, action } = ERRORS[code];
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify({ error: { code, message: meaning, action } }));
}

async function readReadiness(store: Parameters<typeof missingMigrations>[0], live: LiveServer, dev: boolean): Promise<Readiness> {
  const missing = await missingMigrations(store).catch(() => null);
  const built = dev || isBuilt();
  return {
    ready: missing?.length === 0 && built,
    parts: {
      database: missing === null ? 'does not answer' : 'ok',
      schema: missing === null ? 'unknown' : missing.length === 0 ? 'ok' : `lacks ${missing.join(', ')}`,
      build: built ? 'ok' : 'missing',
      live: live.isListening() ? 'listening' : 'polling',
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    const error = coerceError(thrown) as NodeJS.ErrnoException;
    if (error.code !== 'EADDRINUSE') throw error;
    throw new DeltascopeError('DS_START_PORT_TAKEN', `Port ${port} (DELTASCOPE_PORT) is taken.`, { cause: error });
  }
  return (server.address() as AddressInfo).port;
}
