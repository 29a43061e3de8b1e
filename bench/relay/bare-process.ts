import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** Process: the yardstick, the shortest relay that `ws` allows. It keeps nothing, checks nothing, forgets errors. */
const [target = ''] = process.argv.slice(2);
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, maxPayload: 0 });
server.on('connection', (client, request) => {
  const upstream = new WebSocket(target + request.url, { perMessageDeflate: false, maxPayload: 0 });
  upstream.on('message', (data, binary) => client.send(data, { binary }));
  client.on('message', (data, binary) => upstream.send(data, { binary }));
  upstream.on('close', () => client.close());
  client.on('close', () => upstream.close());
});
server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
