import type { DeliveryState } from '#lib/alerts/incident.ts';
import type { Tone } from '../../_ui/badge.tsx';
import { Badge } from '../../_ui/badge.tsx';
import { formatDuration } from '../../_ui/format.ts';
import { RelativeTime } from '../../_ui/relative-time.tsx';
import type { DeliveryRow } from '../_data/rows.ts';

const TONES: Readonly<Record<DeliveryState, Tone>> = { pending: 'warn', delivered: 'ok', failed: 'error' };

/** Messages with every attempt at them. */
export function DeliveryList({ deliveries, empty }: { readonly deliveries: readonly DeliveryRow[]; readonly empty: string }) {
  if (deliveries.length === 0) return <p className="text-faint text-xs">{empty}</p>;
  return (
    <ul className="flex flex-col gap-2 text-xs">
      {deliveries.map((delivery) => (
        <li key={delivery.id} data-delivery={delivery.state} className="rounded-md border px-2.5 py-1.5">
          <div className="flex items-center gap-2">
            <Badge tone={TONES[delivery.state]}>{delivery.state}</Badge>
            <span className="min-w-0 truncate">
              {delivery.kind} → {delivery.channelName ?? 'a channel that is gone'}
            </span>
            <span className="ml-auto shrink-0 text-faint">
              <RelativeTime ms={Date.parse(delivery.createdAt)} />
            </span>
          </div>
          {delivery.attempts.map((attempt, index) => (
            <p key={attempt.at} className="mt-1 pl-1 text-2xs text-faint">
              {index + 1}. {attempt.error ?? `taken with ${attempt.status}`} · {formatDuration(attempt.durationMs)}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
