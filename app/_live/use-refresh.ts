'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { liveSocket } from './socket.ts';

/** Pages of sums are read anew at most this often. */
const AT_MOST_EVERY_MS = 3000;

/** Has the server render the page anew while sessions change: for pages that show sums rather than rows. */
export function useRefresh(): void {
  const router = useRouter();
  useEffect(() => {
    const socket = liveSocket();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const refresh = () => {
      timer ??= setTimeout(() => {
        timer = null;
        router.refresh();
      }, AT_MOST_EVERY_MS);
    };
    const watch = () => socket.emit('sessions:watch');
    socket.on('connect', watch);
    socket.on('sessions:changed', refresh);
    socket.on('incident:opened', refresh);
    if (socket.connected) watch();
    return () => {
      if (timer !== null) clearTimeout(timer);
      socket.off('connect', watch);
      socket.off('sessions:changed', refresh);
      socket.off('incident:opened', refresh);
      socket.emit('sessions:unwatch');
    };
  }, [router]);
}
