import type { AnomalyView } from '#lib/session/view.ts';
import { Badge } from './badge.tsx';
import { formatMoment } from './format.ts';

/** What somebody made of an anomaly, and until when it is muted; nothing where it is open. */
export function StateBadge({ state, mutedUntil }: Pick<AnomalyView, 'state' | 'mutedUntil'>) {
  if (state === 'open') return null;
  return <Badge>{state === 'muted' && mutedUntil !== null ? `muted until ${formatMoment(mutedUntil / 1000)} UTC` : state}</Badge>;
}
