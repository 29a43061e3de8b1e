import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { EndReport } from './end.ts';
import { fromQuery, runEnd } from './end.ts';

/** Process: the provider's end of every session. Says its port, then answers `collect` with what it saw since the last time. */
let reports: Promise<EndReport>[] = [];

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, maxPayload: 0 });
server.on('connection', (socket, request) => {
  const { load, session } = fromQuery(new URL(request.url ?? '/', 'http://upstream').searchParams);
  // The first message of the application is its word to begin; by then every session of the measurement is open.
  socket.once('message', () => reports.push(runEnd(socket, session, load)));
  socket.send('open');
});
server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', async () => {
  const taken = reports;
  reports = [];
  process.send?.({ reports: await Promise.all(taken) });
});
process.on('disconnect', () => process.exit(0));
