'use client';

import { useSyncExternalStore } from 'react';
import { formatAgo, formatExact } from './format.ts';

const STEP_MS = 5000;

/** How long ago a moment was, kept current; the exact time on hover. */
export function RelativeTime({ ms }: { readonly ms: number }) {
  const now = useSyncExternalStore(subscribe, readNow, () => null);
  const exact = formatExact(ms);
  return (
    <time dateTime={new Date(ms).toISOString()} title={exact}>
      {now === null ? exact.slice(0, 16) : formatAgo(ms, now)}
    </time>
  );
}

function subscribe(notify: () => void): () => void {
  const timer = setInterval(notify, STEP_MS);
  return () => clearInterval(timer);
}

/** The clock in steps, so that all instances agree and a render between two steps changes nothing. */
function readNow(): number {
  return Math.ceil(Date.now() / STEP_MS) * STEP_MS;
}
