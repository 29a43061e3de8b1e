'use client';

import { useSyncExternalStore } from 'react';
import { liveSocket } from './socket.ts';

/** Whether the live connection stands; `connecting` before its first success. */
export type ConnectionState = 'connecting' | 'connected' | 'lost';

let everConnected = false;

/** The state of the live connection, for the notice and for what resumes after a loss. */
export function useConnection(): ConnectionState {
  return useSyncExternalStore(subscribe, read, () => 'connecting');
}

function subscribe(notify: () => void): () => void {
  const socket = liveSocket();
  socket.on('connect', notify);
  socket.on('disconnect', notify);
  return () => {
    socket.off('connect', notify);
    socket.off('disconnect', notify);
  };
}

function read(): ConnectionState {
  if (liveSocket().connected) {
    everConnected = true;
    return 'connected';
  }
  return everConnected ? 'lost' : 'connecting';
}
