'use client';

import { useEffect, useState } from 'react';
import type { RecordingState } from '#lib/live/contract.ts';
import { liveSocket } from './socket.ts';

/** The last word on how far the recording is behind; null before the first. */
export function useRecordingState(): RecordingState | null {
  const [state, setState] = useState<RecordingState | null>(null);
  useEffect(() => {
    const socket = liveSocket();
    socket.on('recording:state', setState);
    return () => {
      socket.off('recording:state', setState);
    };
  }, []);
  return state;
}
