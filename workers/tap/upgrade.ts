import type { Agent, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { SessionId } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { CaptureEnd } from '#lib/protocol/capture.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { describeCapture, isRecordingOff } from './capture-meta.ts';
import type { DialResult } from './dial.ts';
import { dialUpstream, socketOptions } from './dial.ts';
import { KEY_SUBPROTOCOL, offeredSubprotocols } from './gate.ts';
import type { HeaderPairs } from './headers.ts';
import { endToEndHeaders, locationThroughTap, requestHeadersFor } from './headers.ts';
import type { Admission, TapLimits } from './limits.ts';
import type { Route } from './paths.ts';
import type { RecordChannel } from './record-channel.ts';
import { answerUpgrade, refuseUpgrade } from './refusal.ts';
import type { Relay } from './relay.ts';
import { startRelay } from './relay.ts';
import type { SessionRecording } from './session-recording.ts';
import { skipRecording, startRecording } from './session-recording.ts';
import type { TapCounters } from './tap-metrics.ts';

export interface UpgradeOptions {
  readonly limits: TapLimits;
  readonly admission: Admission;
  readonly channel: RecordChannel;
  readonly counters: TapCounters;
  readonly agentFor: (target: URL) => Agent | undefined;
  readonly log: Logger;
}

/** The sessions of a tap: from an admitted handshake to the end of its relay. */
export class SessionRelays {
  readonly #options: UpgradeOptions;
  readonly #server: WebSocketServer;
  /** Headers of the provider's answer, for the moment in which `ws` writes ours. */
  readonly #answers = new WeakMap<IncomingMessage, HeaderPairs>();
  readonly #relays = new Map<SessionId, Relay>();
  readonly #recorded = new Set<SessionId>();

  constructor(options: UpgradeOptions) {
    this.#options = options;
    const settings = socketOptions(options.limits.maxMessageBytes);
    this.#server = new WebSocketServer({ ...settings, noServer: true, clientTracking: false, handleProtocols: () => false });
    this.#server.on('headers', (lines, request) => {
      for (const [name, value] of this.#answers.get(request) ?? []) lines.push(`${name}: ${value}`);
    });
  }

  /** Ids of the sessions that are open and recorded. */
  get recordedIds(): readonly SessionId[] {
    return [...this.#recorded];
  }

  /** Number of open relays. */
  get size(): number {
    return this.#relays.size;
  }

  /** Closes all sessions from the tap's side. */
  closeAll(code: number, reason: string): void {
    for (const relay of this.#relays.values()) relay.close(code, reason);
  }

  /** Drops what is still open. */
  terminateAll(): void {
    for (const relay of this.#relays.values()) relay.terminate();
  }

  /** Dials the provider and answers the client as the provider answered. The place taken in `admission` is given back in the end. */
  async open(request: IncomingMessage, client: Duplex, head: Buffer, route: Route): Promise<void> {
    const { limits, admission, agentFor } = this.#options;
    const id = makeSessionId();
    const dialled = await dialUpstream({
      target: webSocketUrl(route.target),
      headers: requestHeadersFor(route.upstream, request),
      subprotocols: subprotocolsFor(route, request),
      agent: agentFor(route.target),
      timeoutMs: limits.dialTimeoutMs,
      maxMessageBytes: limits.maxMessageBytes,
    });
    if (dialled.how === 'open') this.#connect(id, request, client as Socket, head, route, dialled);
    else {
      admission.release();
      this.#mirrorRefusal(id, request, client, route, dialled);
    }
  }

  #connect(
    id: SessionId,
    request: IncomingMessage,
    client: Socket,
    head: Buffer,
    route: Route,
    dialled: Extract<DialResult, { how: 'open' }>,
  ): void {
    const { limits, admission, counters } = this.#options;
    const upstream = dialled.leg;
    if (client.destroyed || !client.readable || !client.writable) {
      admission.release();
      client.destroy();
      upstream.socket.terminate();
      return;
    }
    const chosen: HeaderPairs = dialled.subprotocol === null ? [] : [['Sec-WebSocket-Protocol', dialled.subprotocol]];
    this.#answers.set(request, [...dialled.headers, ...chosen]);
    this.#server.handleUpgrade(request, client, head, (socket) => {
      counters.sessions += 1;
      const recording = this.#record(id, request, route, { headers: dialled.answer.headers, subprotocol: dialled.subprotocol });
      this.#logOpen(id, route);
      const onEnd = (end: CaptureEnd): void => this.#end(id, recording, end);
      this.#relays.set(
        id,
        startRelay({ client: { socket, raw: client }, upstream, recording, maxBufferBytes: limits.maxBufferBytes, onEnd }),
      );
    });
  }

  #record(
    id: SessionId,
    request: IncomingMessage,
    route: Route,
    answer: Parameters<typeof describeCapture>[2],
  ): SessionRecording {
    const { channel, counters } = this.#options;
    if (isRecordingOff(request)) return skipRecording(counters);
    this.#recorded.add(id);
    return startRecording(id, describeCapture(request, route, answer), channel, counters);
  }

  #end(id: SessionId, recording: SessionRecording, end: CaptureEnd): void {
    recording.end(end);
    this.#recorded.delete(id);
    this.#relays.delete(id);
    this.#options.admission.release();
    this.#options.log.info({ sessionId: id, how: end.how, by: end.by, code: end.code }, 'session closed');
  }

  /** Answers the client as the provider did (or says that there is none), and records the attempt. */
  #mirrorRefusal(
    id: SessionId,
    request: IncomingMessage,
    client: Duplex,
    route: Route,
    dialled: Exclude<DialResult, { how: 'open' }>,
  ): void {
    const { counters, log } = this.#options;
    if (dialled.how === 'failed') {
      counters.refused(dialled.refusal.code);
      refuseUpgrade(client, dialled.refusal);
      log.warn({ sessionId: id, upstream: route.upstream.name, code: dialled.refusal.code }, dialled.refusal.message);
      const detail = `${dialled.refusal.code}: ${dialled.refusal.message}`;
      this.#recordAttempt(id, request, route, null, {
        how: 'failed',
        by: 'tap',
        code: null,
        reason: null,
        httpStatus: dialled.refusal.status,
        detail,
      });
      return;
    }
    const { status, body, answer } = dialled;
    const headers = endToEndHeaders(answer).filter(([name]) => !/^content-length$/i.test(name));
    answerUpgrade(
      client,
      status,
      headers.map((header) => throughTap(header, route)),
      body,
    );
    log.info({ sessionId: id, upstream: route.upstream.name, status }, 'the provider refused the session');
    const detail = body.toString('utf8').slice(0, 2000);
    const end: CaptureEnd = {
      how: 'refused',
      by: 'server',
      code: null,
      reason: null,
      httpStatus: status,
      detail: detail === '' ? null : detail,
    };
    this.#recordAttempt(id, request, route, { headers: answer.headers, subprotocol: null }, end);
  }

  #recordAttempt(
    id: SessionId,
    request: IncomingMessage,
    route: Route,
    answer: Parameters<typeof describeCapture>[2],
    end: CaptureEnd,
  ): void {
    if (isRecordingOff(request)) return;
    startRecording(id, describeCapture(request, route, answer), this.#options.channel, this.#options.counters).end(end);
  }

  #logOpen(id: SessionId, route: Route): void {
    this.#options.log.info({ sessionId: id, upstream: route.upstream.name, path: route.target.pathname }, 'session opened');
  }
}

function webSocketUrl(target: URL): URL {
  const url = new URL(target);
  url.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

/** What the provider is offered: not our key, and not the client's where the tap holds one. */
function subprotocolsFor(route: Route, request: IncomingMessage): string[] {
  const offered = offeredSubprotocols(request).filter((name) => !name.startsWith(KEY_SUBPROTOCOL));
  return route.upstream.key === null ? offered : offered.filter((name) => !name.startsWith('openai-insecure-api-key.'));
}

function throughTap([name, value]: readonly [string, string], route: Route): readonly [string, string] {
  return name.toLowerCase() === 'location'
    ? [name, locationThroughTap(value, route.mount, route.upstream, route.target)]
    : [name, value];
}
