'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import type { IncidentNotice } from '#lib/live/contract.ts';
import { liveSocket } from './socket.ts';

/** More than these hide what is below them. */
const MAX_SHOWN = 3;
const SHOWN_MS = 20_000;

/** Tells of incidents as they open, on every page; each goes by itself or when it is closed. */
export function IncidentNotices() {
  const [notices, setNotices] = useState<readonly IncidentNotice[]>([]);
  useEffect(() => {
    const timers = new Set<NodeJS.Timeout>();
    const drop = (id: string) => setNotices((held) => held.filter((notice) => notice.id !== id));
    const show = (notice: IncidentNotice) => {
      setNotices((held) => [notice, ...held.filter(({ id }) => id !== notice.id)].slice(0, MAX_SHOWN));
      timers.add(setTimeout(() => drop(notice.id), SHOWN_MS));
    };
    const socket = liveSocket();
    socket.on('incident:opened', show);
    return () => {
      socket.off('incident:opened', show);
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  const close = (id: string) => setNotices((held) => held.filter((notice) => notice.id !== id));
  return (
    <div
      role="status"
      aria-label="New incidents"
      className="pointer-events-none fixed right-3 bottom-3 z-40 max-sm:bottom-16 flex w-80 max-w-[calc(100vw-1.5rem)] flex-col gap-2"
    >
      {notices.map(({ id, title, severity, ruleName }) => (
        <div key={id} className="pointer-events-auto flex items-start gap-2 rounded-lg border bg-surface p-3 shadow-pop">
          <span className="mt-1.5 size-2 shrink-0 rounded-full bg-error" aria-hidden="true" />
          <div className="min-w-0 flex-1">
            <Link
              href={`/alerts?incident=${id}`}
              prefetch={false}
              onClick={() => close(id)}
              className="block truncate font-medium hover:underline"
            >
              {title}
            </Link>
            <p className="truncate text-2xs text-faint">
              New incident · {severity} · {ruleName}
            </p>
          </div>
          <button
            type="button"
            aria-label={`Close: ${title}`}
            onClick={() => close(id)}
            className="rounded p-0.5 text-faint hover:text-ink"
          >
            <X className="size-3.5" aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
