import { cn } from '../../_ui/class-names.ts';
import { formatCount } from '../../_ui/format.ts';
import { RelativeTime } from '../../_ui/relative-time.tsx';
import { SeverityMark } from '../../_ui/severity-mark.tsx';
import type { IncidentRow } from '../_data/rows.ts';

interface IncidentLineProps {
  readonly incident: IncidentRow;
  readonly active: boolean;
  readonly onChoose: (id: string) => void;
}

/** An incident on two lines. */
export function IncidentLine({ incident, active, onChoose }: IncidentLineProps) {
  const isOpen = incident.state === 'open';
  return (
    <li className={cn('relative border-b px-4 py-2 hover:bg-hover', active && 'bg-accent-soft hover:bg-accent-soft')}>
      <div className="flex items-center gap-2">
        <span className={cn('size-2 shrink-0 rounded-full', isOpen ? 'bg-error' : 'bg-neutral')} aria-hidden="true" />
        <button
          type="button"
          onClick={() => onChoose(incident.id)}
          aria-current={active ? 'true' : undefined}
          className="min-w-0 truncate text-left font-medium after:absolute after:inset-0"
        >
          {incident.title}
        </button>
        <span className="ml-auto shrink-0">
          <SeverityMark severity={incident.severity} />
        </span>
      </div>
      <div className="flex items-center gap-2 pl-4 text-2xs text-faint">
        <span className="shrink-0">{isOpen ? 'open' : 'resolved'}</span>
        <span className="min-w-0 truncate">{incident.ruleName}</span>
        <span className="ml-auto shrink-0">
          {formatCount(incident.occurrences)} × · <RelativeTime ms={Date.parse(incident.lastSeenAt)} />
        </span>
      </div>
    </li>
  );
}
