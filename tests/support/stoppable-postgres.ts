import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { migrateStore } from '#lib/store/migrate.ts';
import type { EmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';

/** A PostgreSQL of a test's own that can be stopped and started again under one address. */
export interface StoppablePostgres {
  readonly url: string;
  /** Stops the server: in order, or as `kill -9` does. Connections to it are refused from then on. */
  stop(how: 'fast' | 'kill'): Promise<void>;
  start(): Promise<void>;
}

/** Starts a migrated server in `folder`, with fsync on. */
export async function startStoppablePostgres(folder: string): Promise<StoppablePostgres> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ folder });
  await migrateStore(server.url);
  const sockets = new Set<Socket>();
  let door = await openDoor(0, () => server.port, sockets);
  const { port } = door.address() as AddressInfo;
  const url = new URL(server.url);
  url.port = String(port);
  return {
    url: url.href,
    stop: async (how) => {
      door.close();
      const ended = server.process === null ? Promise.resolve() : once(server.process, 'exit');
      if (how === 'kill') server.process?.kill('SIGKILL');
      else await server.stop();
      await ended;
      for (const socket of sockets) socket.destroy();
    },
    start: async () => {
      server = await startEmbeddedPostgres({ folder });
      door = await openDoor(port, () => server.port, sockets);
    },
  };
}

/** The embedded server takes another port with each start; the door in front of it keeps its own. */
async function openDoor(port: number, target: () => number, sockets: Set<Socket>): Promise<Server> {
  const door = createServer((client) => {
    const upstream = connect(target(), '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  door.listen(port, '127.0.0.1');
  await once(door, 'listening');
  return door;
}
