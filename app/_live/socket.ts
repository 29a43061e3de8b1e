'use client';

import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { BrowserToServerEvents, ServerToBrowserEvents } from '#lib/live/contract.ts';
import { LIVE_PATH } from '#lib/live/contract.ts';

export type LiveSocket = Socket<ServerToBrowserEvents, BrowserToServerEvents>;

let shared: LiveSocket | null = null;

/** The page's one live connection, opened at first use; it reconnects by itself for as long as the page is open. */
export function liveSocket(): LiveSocket {
  shared ??= io({ path: LIVE_PATH, transports: ['websocket'], reconnectionDelay: 250, reconnectionDelayMax: 2000 });
  return shared;
}
