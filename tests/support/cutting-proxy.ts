import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A way to a database that can lose an answer: what the server did stays done, the client only sees its connection break. */
export interface CuttingProxy {
  /** The database's URL, through the proxy. */
  readonly url: string;
  /** Breaks the connection that next sends a commit (what holds the proxy's mark), once the server has answered it. */
  loseNextCommit(): void;
  /** How many answers were lost. */
  readonly lost: number;
  close(): Promise<void>;
}

/** Starts a proxy in front of the database of `url`; `mark` is a text by which a commit is known. */
export async function startCuttingProxy(url: string, mark = 'deltascope_advance_cursor'): Promise<CuttingProxy> {
  const through = new URL(url);
  const database = { port: Number(through.port), host: through.hostname };
  const sockets = new Set<Socket>();
  let armed = false;
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(database);
    let isCut = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes) => {
      if (armed && bytes.includes(mark)) {
        armed = false;
        isCut = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!isCut) return void client.write(bytes);
      lost += 1;
      client.destroy();
      upstream.destroy();
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    loseNextCommit: () => {
      armed = true;
    },
    get lost() {
      return lost;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
