'use client';

import Link from 'next/link';
import { useEffect, useState } from 'react';
import { fetchJson } from '../../_live/fetch-json.ts';
import { Badge } from '../../_ui/badge.tsx';
import { RelativeTime } from '../../_ui/relative-time.tsx';
import { SeverityMark } from '../../_ui/severity-mark.tsx';
import type { DeliveryRow, IncidentRow } from '../_data/rows.ts';
import { DeliveryList } from './delivery-list.tsx';
import { IncidentActions } from './incident-actions.tsx';

interface IncidentDetailProps {
  readonly incident: IncidentRow;
  readonly refresh: () => Promise<void>;
}

/** Everything about one incident: what, where, its story, and who was told. */
export function IncidentDetail({ incident, refresh }: IncidentDetailProps) {
  const deliveries = useDeliveries(incident);
  const { group } = incident;
  return (
    <article className="flex flex-col gap-5 p-4">
      <header>
        <div className="flex flex-wrap items-center gap-1.5">
          <SeverityMark severity={incident.severity} />
          <Badge tone={incident.state === 'open' ? 'error' : 'ok'}>{incident.state}</Badge>
          {Object.entries(group).map(([key, value]) => (
            <Badge key={key} title={`${key}: ${value}`}>
              {key === 'finding' ? value : `${key} ${value}`}
            </Badge>
          ))}
        </div>
        <h2 className="mt-2 font-semibold text-sm">{incident.title}</h2>
        <p className="mt-1 text-muted">{incident.detail}</p>
        <p className="mt-1 text-faint text-xs">
          {incident.ruleName} · seen {incident.occurrences} × · last <RelativeTime ms={Date.parse(incident.lastSeenAt)} />
        </p>
      </header>
      {incident.state === 'open' ? <IncidentActions incident={incident} refresh={refresh} /> : null}
      <Part title="Seen in">
        <ul className="flex flex-col gap-1 text-xs">
          {incident.sights.toReversed().map(({ sessionId, seq, at }) => (
            <li key={`${sessionId} ${seq} ${at}`} className="flex gap-2">
              <Link
                href={`/sessions/${sessionId}?seq=${seq}`}
                prefetch={false}
                className="truncate font-mono text-accent hover:underline"
              >
                …{sessionId.slice(-12)} #{seq}
              </Link>
              <span className="ml-auto shrink-0 text-faint">
                <RelativeTime ms={Date.parse(at)} />
              </span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Timeline">
        <ol className="flex flex-col gap-1.5 border-l pl-3 text-xs">
          {incident.timeline.map(({ at, kind, text }) => (
            <li key={`${at} ${kind}`} className="flex gap-2">
              <span className="min-w-0">
                <span className="font-medium">{kind}</span> <span className="text-muted">{text}</span>
              </span>
              <span className="ml-auto shrink-0 text-faint">
                <RelativeTime ms={Date.parse(at)} />
              </span>
            </li>
          ))}
        </ol>
      </Part>
      <Part title="Deliveries">
        <DeliveryList deliveries={deliveries} empty="Nobody was told: its rule has no channel that is on, or it is silenced." />
      </Part>
    </article>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-2xs text-faint uppercase tracking-wide">{title}</h3>
      {children}
    </section>
  );
}

/** The deliveries of an incident, read anew whenever the incident was. */
function useDeliveries(incident: IncidentRow): readonly DeliveryRow[] {
  const [deliveries, setDeliveries] = useState<readonly DeliveryRow[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    const path = `/api/v1/alerts/deliveries?incident=${incident.id}&limit=200`;
    fetchJson<{ deliveries: readonly DeliveryRow[] }>(path, stop.signal).then(
      (reply) => setDeliveries(reply.deliveries),
      // The page itself says when the dashboard does not answer.
      () => undefined,
    );
    return () => stop.abort();
  }, [incident]);
  return deliveries;
}
