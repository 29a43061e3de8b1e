import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { EndReport, Load } from './end.ts';
import { runEnd, toQuery } from './end.ts';

/** Process: the application's end of every session. For each `{ url, load }` it opens the sessions, runs them and says what it saw. */
process.on('message', async ({ url, load }: { url: string; load: Load }) => {
  const sockets = await Promise.all(
    Array.from({ length: load.sessions }, (_, session) => open(`${url}?${toQuery(load, session)}`)),
  );
  for (const socket of sockets) socket.send('begin');
  const reports: EndReport[] = await Promise.all(sockets.map((socket, session) => runEnd(socket, session, load)));
  for (const socket of sockets) socket.close();
  process.send?.({ reports });
});
process.on('disconnect', () => process.exit(0));

/** An open socket on which the upstream has spoken, so that everything between them is open too. */
async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 0 });
  await once(socket, 'message');
  return socket;
}
