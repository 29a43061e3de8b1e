import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Readiness } from '#workers/shared/health.ts';
import { handleHealth } from '#workers/shared/health.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { followSystemClock, wallMicros } from './clock.ts';
import type { GateRules } from './gate.ts';
import { checkFigures, checkHandshake, checkKey, checkSource } from './gate.ts';
import type { TapLimits } from './limits.ts';
import { Admission } from './limits.ts';
import type { ProxySetting } from './outgoing.ts';
import { makeAgentChoice } from './outgoing.ts';
import { passThrough } from './pass-through.ts';
import type { Route } from './paths.ts';
import { findRoute, isRefusal } from './paths.ts';
import type { RecordChannelOptions } from './record-channel.ts';
import { RecordChannel } from './record-channel.ts';
import type { Refusal } from './refusal.ts';
import { refuse, refuseRequest, refuseUpgrade } from './refusal.ts';
import { registerTapMetrics, TapCounters } from './tap-metrics.ts';
import { SessionRelays } from './upgrade.ts';
import type { Upstreams } from './upstreams.ts';

export interface TapOptions {
  readonly host: string;
  readonly port: number;
  /** Where given, `wss:` and `https:` are spoken on a port of their own. */
  readonly tls: { readonly port: number; readonly cert: string; readonly key: string } | null;
  readonly upstreams: Upstreams;
  readonly gate: GateRules;
  readonly limits: TapLimits;
  readonly spool: RecordChannelOptions['spool'];
  readonly proxy: ProxySetting;
  readonly registry: Registry;
  readonly log: Logger;
}

/** A running tap. */
export interface Tap {
  readonly port: number;
  readonly tlsPort: number | null;
  readonly counters: TapCounters;
  readonly channel: RecordChannel;
  /** Takes no new sessions, waits for the open ones up to `drainMs`, closes the rest with 1001, and hands over what is recorded. */
  stop(options: { readonly drainMs: number }): Promise<void>;
}

const WATERMARK_MS = 1000;
const DRAIN_POLL_MS = 50;
/** What clients get to answer a close frame when the tap stops. */
const GOODBYE_MS = 2000;

/** Starts a tap: its writer thread first, then its ports. */
export async function startTap(options: TapOptions): Promise<Tap> {
  const channel = new RecordChannel({
    spool: options.spool,
    maxBufferBytes: options.limits.maxRecordBufferBytes,
    log: options.log,
  });
  await channel.start();
  const listener = new TapListener(options, channel);
  try {
    await listener.listen();
  } catch (thrown) {
    await channel.close();
    throw thrown;
  }
  return listener;
}

class TapListener implements Tap {
  readonly channel: RecordChannel;
  readonly counters = new TapCounters();
  readonly #options: TapOptions;
  readonly #admission: Admission;
  readonly #relays: SessionRelays;
  readonly #agentFor: ReturnType<typeof makeAgentChoice>;
  readonly #server: Server;
  readonly #tlsServer: Server | null;
  readonly #watermarks: NodeJS.Timeout;
  #lost = 0;

  constructor(options: TapOptions, channel: RecordChannel) {
    this.#options = options;
    this.channel = channel;
    this.#admission = new Admission(options.limits);
    this.#agentFor = makeAgentChoice(options.proxy);
    this.#relays = new SessionRelays({
      limits: options.limits,
      admission: this.#admission,
      channel,
      counters: this.counters,
      agentFor: this.#agentFor,
      log: options.log,
    });
    registerTapMetrics(options.registry, { counters: this.counters, admission: this.#admission, channel });
    this.#server = this.#serve(createServer(SERVER_OPTIONS));
    this.#tlsServer = options.tls
      ? this.#serve(createTlsServer({ ...SERVER_OPTIONS, cert: options.tls.cert, key: options.tls.key }))
      : null;
    this.#watermarks = setInterval(() => this.#markTime(), WATERMARK_MS);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get tlsPort(): number | null {
    return (this.#tlsServer?.address() as AddressInfo | undefined)?.port ?? null;
  }

  async listen(): Promise<void> {
    const { host, port, tls } = this.#options;
    await listenOn(this.#server, host, port);
    if (this.#tlsServer && tls) await listenOn(this.#tlsServer, host, tls.port);
  }

  async stop({ drainMs }: { readonly drainMs: number }): Promise<void> {
    this.#admission.isStopping = true;
    for (const server of [this.#server, this.#tlsServer]) server?.close();
    const deadline = Date.now() + drainMs;
    if (this.#admission.sessions > 0)
      this.#options.log.info({ sessions: this.#admission.sessions, drainMs }, 'waiting for calls to end');
    while (this.#admission.sessions > 0 && Date.now() < deadline) await sleep(DRAIN_POLL_MS);
    this.#relays.closeAll(1001, 'DS_TAP_STOPPING');
    const goodbye = Date.now() + GOODBYE_MS;
    while (this.#relays.size > 0 && Date.now() < goodbye) await sleep(10);
    this.#relays.terminateAll();
    await sleep(0);
    for (const server of [this.#server, this.#tlsServer]) server?.closeAllConnections();
    clearInterval(this.#watermarks);
    await this.channel.close();
  }

  #serve(server: Server): Server {
    server.on('request', (request, response) => void this.#onRequest(request, response));
    server.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
    server.on('connect', (_request, socket) =>
      this.#refuseUpgrade(socket, refuse(405, 'DS_TAP_PATH_REFUSED', 'The tap is no proxy: CONNECT is refused.')),
    );
    return server;
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => response.destroy());
    // Probes come under any name; figures are for those who may use the tap.
    const refusal = request.url?.startsWith('/metrics') ? checkFigures(request, this.#options.gate) : null;
    if (!refusal && (await handleHealth(request, response, { ready: () => this.#readiness(), registry: this.#options.registry })))
      return;
    const route = refusal ?? this.#admit(request, false);
    if (isRefusal(route)) {
      this.counters.refused(route.code);
      refuseRequest(response, route);
      return;
    }
    this.counters.requests += 1;
    const onFailure = (code: Refusal['code']): void => this.counters.refused(code);
    passThrough(request, response, route, {
      agent: this.#agentFor(route.target),
      timeoutMs: this.#options.limits.dialTimeoutMs,
      onFailure,
    });
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener, a client that vanishes during the handshake would end the process.
    socket.on('error', () => socket.destroy());
    const route = this.#admit(request, true);
    const refusal = isRefusal(route) ? route : this.#admission.admit(performance.now());
    if (refusal) this.#refuseUpgrade(socket, refusal);
    else void this.#relays.open(request, socket, head, route as Route);
  }

  #admit(request: IncomingMessage, isUpgrade: boolean): Route | Refusal {
    const { gate, upstreams } = this.#options;
    const early = checkSource(request, gate) ?? (isUpgrade ? checkHandshake(request) : null);
    if (early) return early;
    const route = findRoute(request.url ?? '', isUpgrade, upstreams);
    if (isRefusal(route)) return route;
    return checkKey(request, route.query, route.upstream, gate) ?? route;
  }

  #refuseUpgrade(socket: Duplex, refusal: Refusal): void {
    this.counters.refused(refusal.code);
    refuseUpgrade(socket, refusal);
  }

  #readiness(): Readiness {
    const accepting = !this.#admission.isStopping;
    const spool = this.channel.isWriting ? (this.channel.report?.stats.state ?? 'ok') : 'failed';
    return { ready: accepting && this.channel.isWriting, parts: { relay: accepting ? 'ok' : 'stopping', spool } };
  }

  /** Says once a second, while it lasts, that calls go on but are not wholly recorded. */
  #warnOfLosses(): void {
    const lost = this.counters.unrecorded + (this.channel.report?.stats.lostMessages ?? 0);
    if (lost > this.#lost)
      this.#options.log.warn(
        { messages: lost - this.#lost, spool: this.channel.report?.stats },
        'messages were relayed but not recorded',
      );
    this.#lost = lost;
  }

  #markTime(): void {
    followSystemClock();
    this.#warnOfLosses();
    const sessionIds = this.#relays.recordedIds;
    if (sessionIds.length > 0) this.channel.addRecord({ kind: 'watermark', at: wallMicros(), sessionIds });
  }
}

const SERVER_OPTIONS: ServerOptions = {
  // Uploads and streams may take as long as they like; only the head of a request may not.
  requestTimeout: 0,
  headersTimeout: 30_000,
  noDelay: true,
  // Upgrades to anything but WebSocket (curl offers h2c) are ordinary requests, as the standard allows.
  shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
};

async function listenOn(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (thrown: NodeJS.ErrnoException) => reject(listenError(thrown, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(thrown: NodeJS.ErrnoException, host: string, port: number): Error {
  if (thrown.code !== 'EADDRINUSE' && thrown.code !== 'EACCES' && thrown.code !== 'EADDRNOTAVAIL') return coerceError(thrown);
  return new DeltascopeError('DS_TAP_PORT_TAKEN', `The tap cannot listen on ${host}:${port} (${thrown.code}).`, {
    cause: thrown,
  });
}
