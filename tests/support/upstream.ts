import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

/** A provider at the edge of a test: a real HTTP and WebSocket server on a free port of loopback, which does what the test says. */
export interface FakeUpstream {
  readonly url: string;
  readonly port: number;
  /** Every handshake that came, in order. */
  readonly handshakes: IncomingMessage[];
  /** The sockets of accepted handshakes, in order. */
  readonly sockets: WebSocket[];
  /** Waits for the next accepted session. */
  nextSocket(): Promise<WebSocket>;
  close(): Promise<void>;
}

export interface FakeUpstreamOptions {
  /** What happens on each accepted session; it is called before anything can arrive. */
  readonly onSession?: (socket: WebSocket, request: IncomingMessage) => void;
  /** Answers a handshake itself instead of accepting it. Returns whether it did. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex) => boolean;
  readonly onRequest?: RequestListener;
  /** Chooses the subprotocol; default: the first one offered. */
  readonly chooseSubprotocol?: (offered: Set<string>) => string | false;
  /** Lines added to the answer of a handshake. */
  readonly answerHeaders?: readonly string[];
  readonly autoPong?: boolean;
}

/** Starts a fake provider. */
export async function startUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const server: Server = createServer(options.onRequest ?? ((_request, response) => response.writeHead(404).end()));
  const sessions = new WebSocketServer({
    noServer: true,
    maxPayload: 0,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    autoPong: options.autoPong ?? true,
    ...(options.chooseSubprotocol ? { handleProtocols: options.chooseSubprotocol } : {}),
  });
  sessions.on('headers', (lines) => lines.push(...(options.answerHeaders ?? [])));
  const connections = new Set<Socket>();
  server.on('connection', (socket) => connections.add(socket.once('close', () => connections.delete(socket))));
  const handshakes: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];
  server.on('upgrade', (request, socket, head) => {
    handshakes.push(request);
    if (options.onUpgrade?.(request, socket)) return;
    sessions.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined);
      options.onSession?.(webSocket, request);
      sockets.push(webSocket);
      sessions.emit('session', webSocket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    handshakes,
    sockets,
    nextSocket: async () => (await once(sessions, 'session'))[0] as WebSocket,
    async close() {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A running fingerprint of messages: type and bytes of each, in order. */
export class MessageHash {
  readonly #hash = createHash('sha256');
  count = 0;

  add(data: Uint8Array, isBinary: boolean): void {
    this.#hash.update(`${isBinary ? 'b' : 't'}${data.byteLength}:`).update(data);
    this.count += 1;
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
