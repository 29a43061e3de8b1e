import { cn } from '../../_ui/class-names.ts';
import { CodeText } from '../../_ui/code-text.tsx';
import { formatCount } from '../../_ui/format.ts';
import { RelativeTime } from '../../_ui/relative-time.tsx';
import { SeverityMark } from '../../_ui/severity-mark.tsx';
import type { IncidentRow } from '../_data/rows.ts';

interface IncidentLineProps {
  readonly incident: IncidentRow;
  readonly active: boolean;
  readonly onChoose: (id: string) => void;
}

/** An incident: how bad, what and by which rule, how often and when last. */
export function IncidentLine({ incident, active, onChoose }: IncidentLineProps) {
  const isOpen = incident.state === 'open';
  return (
    <li
      className={cn(
        'relative grid grid-cols-[4.25rem_minmax(0,1fr)_auto] gap-x-3 border-b px-4 py-2 hover:bg-hover',
        active && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <SeverityMark severity={incident.severity} className="justify-self-start" />
      <div className="min-w-0">
        <button
          type="button"
          onClick={() => onChoose(incident.id)}
          aria-current={active ? 'true' : undefined}
          className={cn(
            'block max-w-full text-left font-medium after:absolute after:inset-0 sm:truncate',
            !isOpen && 'text-muted',
          )}
        >
          <CodeText text={incident.title} />
        </button>
        <div className="flex gap-2 text-2xs text-faint">
          <span className={cn('shrink-0', isOpen && 'text-error')}>{isOpen ? 'open' : 'resolved'}</span>
          <span className="min-w-0 truncate">{incident.ruleName}</span>
        </div>
      </div>
      <span className="text-faint text-xs leading-5">
        {formatCount(incident.occurrences)} × · <RelativeTime ms={Date.parse(incident.lastSeenAt)} />
      </span>
    </li>
  );
}
