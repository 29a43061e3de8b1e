import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a receiver of webhooks got it. */
export interface Received {
  readonly atMs: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody else's endpoint, on this machine. */
export interface Receiver {
  readonly url: string;
  readonly requests: readonly Received[];
  /** What it answers from now on; 0 breaks the connection without an answer. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void;
  /** How long it takes to answer. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** Starts a receiver that takes everything. */
export async function startReceiver(): Promise<Receiver> {
  const requests: Received[] = [];
  let reply: { readonly status: number; readonly headers: Readonly<Record<string, string>> } = { status: 204, headers: {} };
  let delayMs = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({
      atMs: Date.now(),
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    setTimeout(() => {
      if (reply.status === 0) request.socket.destroy();
      else response.writeHead(reply.status, reply.headers).end();
    }, delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (status, headers = {}) => {
      reply = { status, headers };
    },
    delay: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
