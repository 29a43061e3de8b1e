import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { coerceError } from '#lib/base/errors.ts';
import { handleHealth, makeMetrics } from '#workers/shared/health.ts';
import type { Logger } from '#workers/shared/logger.ts';
import type { SimulatorDialect } from './dialect.ts';
import type { Admission } from './handshake.ts';
import { chooseSubprotocol, judgeHandshake, refusalBody } from './handshake.ts';
import { answerHttp } from './http-answers.ts';
import type { MessageRecord } from './message-record.ts';
import { emptyRecord, hashMessage } from './message-record.ts';
import { ProviderSession } from './provider-session.ts';
import { makeWireId } from './wire-ids.ts';

export interface SimulatorOptions {
  /** Port of `ws:` and `http:`; 0 picks a free one. */
  readonly port: number;
  /** Port and certificate of `wss:` and `https:`; left out, there is none. */
  readonly tls?: { readonly port: number; readonly cert: string; readonly key: string };
  readonly host?: string;
  /** 1 is real time, 0.1 ten times as fast, 0 as fast as the machine goes. */
  readonly pace?: number;
  /** The only key that is let in; left out, every key is, and none. */
  readonly requiredKey?: string;
  /** Seeds timing jitter and voices. */
  readonly seed?: string;
  /** Keeps the hash of every message of every connection, for tests. */
  readonly keepHashes?: boolean;
  readonly log?: Logger;
}

/** One connection that the simulator has let in. */
export interface SimulatedConnection {
  /** The provider's id of the session. */
  readonly id: string;
  readonly dialect: SimulatorDialect;
  readonly scenario: string;
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
  readonly messages: MessageRecord;
  /** How it ended, as the simulator saw it; null while it lasts. */
  closed: { readonly code: number; readonly reason: string } | null;
}

export interface Simulator {
  readonly port: number;
  readonly tlsPort: number | null;
  /** All connections since the start, oldest first; only with `keepHashes`. */
  readonly connections: readonly SimulatedConnection[];
  close(): Promise<void>;
}

const PING_EVERY_MS = 20_000;
const GOING_AWAY = 1001;

/** Starts a stand-in provider. It keeps nothing beyond its connections. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const registry = makeMetrics('simulator');
  const connections: SimulatedConnection[] = [];
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 0,
    perMessageDeflate: false,
    handleProtocols: chooseSubprotocol,
  });
  sockets.on('headers', (headers) => headers.push(`x-request-id: ${makeWireId('req')}`));

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const ready = () => ({ ready: true, parts: { sessions: String(sockets.clients.size) } });
    handleHealth(request, response, { ready, registry })
      .then((handled) => (handled ? undefined : answerHttp(request, response)))
      .catch((thrown: unknown) => options.log?.error({ err: coerceError(thrown) }, 'request failed'));
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const judged = judgeHandshake(request, options.requiredKey ?? null);
    if ('status' in judged) return refuseUpgrade(socket, judged.status, refusalBody(judged));
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = serve(webSocket, request, judged, options);
      if (options.keepHashes === true) connections.push(connection);
      options.log?.info({ provider: connection.id, dialect: judged.dialect, scenario: judged.scenario }, 'session');
    });
  };

  const servers: Server[] = [createServer(onRequest)];
  if (options.tls !== undefined) servers.push(createTlsServer({ cert: options.tls.cert, key: options.tls.key }, onRequest));
  for (const server of servers) server.on('upgrade', onUpgrade);
  const host = options.host ?? '127.0.0.1';
  const port = await listen(servers[0] as Server, options.port, host);
  const tlsPort = options.tls === undefined ? null : await listen(servers[1] as Server, options.tls.port, host);
  return { port, tlsPort, connections, close: () => closeAll(servers, sockets) };
}

function serve(
  socket: WebSocket,
  request: IncomingMessage,
  admission: Admission,
  options: SimulatorOptions,
): SimulatedConnection {
  const messages = emptyRecord();
  const note = (list: string[], payload: string | Buffer) => {
    if (options.keepHashes === true) list.push(hashMessage(payload));
  };
  const session = new ProviderSession({
    ...admission,
    seed: options.seed ?? admission.scenario,
    pace: options.pace ?? 1,
    send: (text) => {
      if (socket.readyState !== socket.OPEN) return;
      note(messages.serverToClient, text);
      socket.send(text);
    },
    close: (code, reason) => socket.close(code, reason),
  });
  const connection: SimulatedConnection = {
    id: session.id,
    dialect: admission.dialect,
    scenario: admission.scenario,
    headers: request.headers,
    url: request.url ?? '/',
    messages,
    closed: null,
  };
  const ping = setInterval(() => socket.ping(), PING_EVERY_MS);
  socket.on('message', (data: RawData) => {
    const payload = toBuffer(data);
    note(messages.clientToServer, payload);
    session.receive(payload.toString('utf8'));
  });
  socket.on('error', (error) => options.log?.debug({ err: error }, 'socket'));
  socket.on('close', (code, reason) => {
    clearInterval(ping);
    session.stop();
    connection.closed = { code, reason: reason.toString('utf8') };
  });
  session.open();
  return connection;
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function refuseUpgrade(socket: Duplex, status: number, body: string): void {
  const reasons: Record<number, string> = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' };
  const head = [
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${makeWireId('req')}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function closeAll(servers: readonly Server[], sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(GOING_AWAY, 'The simulator is stopping.');
  const closing = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  const impatient = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, 500);
  for (const server of servers) server.closeAllConnections();
  await Promise.all(closing);
  clearTimeout(impatient);
}
