import { ArrowLeft } from 'lucide-react';
import { Button } from '../../_ui/button.tsx';
import { cn } from '../../_ui/class-names.ts';
import { EmptyState } from '../../_ui/empty-state.tsx';
import type { AlertLists } from '../_data/use-alerts.ts';
import { IncidentDetail } from './incident-detail.tsx';
import { IncidentLine } from './incident-line.tsx';

interface IncidentsTabProps {
  readonly lists: AlertLists;
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
  readonly onTab: (tab: 'rules' | 'channels') => void;
  readonly refresh: () => Promise<void>;
}

/** Incidents beside the one that is looked at; on a narrow screen one or the other. */
export function IncidentsTab({ lists, chosen, onChoose, onTab, refresh }: IncidentsTabProps) {
  const { incidents, rules } = lists;
  const shown = incidents.find((incident) => incident.id === chosen) ?? null;
  if (incidents.length === 0) {
    return (
      <EmptyState title={rules.length === 0 ? 'Nobody is told of anything yet' : 'No incident so far'}>
        {rules.length === 0
          ? 'Make a rule to open an incident when an anomaly is found.'
          : 'Rules are watching. The first incident appears here.'}
        <span className="mt-4 flex justify-center gap-2">
          <Button onClick={() => onTab('rules')}>{rules.length === 0 ? 'Make a rule' : 'Rules'}</Button>
          <Button onClick={() => onTab('channels')}>Channels</Button>
        </span>
      </EmptyState>
    );
  }
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label="Incidents" className={cn('min-w-0 flex-1 overflow-y-auto', shown !== null && 'max-md:hidden')}>
        <ul>
          {incidents.map((incident) => (
            <IncidentLine key={incident.id} incident={incident} active={incident.id === chosen} onChoose={onChoose} />
          ))}
        </ul>
      </section>
      {shown === null ? null : (
        <section
          aria-label="Incident"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="min-w-0 shrink-0 overflow-y-auto border-l max-md:w-full max-md:border-l-0 md:w-[26rem] lg:w-[34rem]"
        >
          <div className="border-b px-4 py-2 md:hidden">
            <Button onClick={() => onChoose(null)}>
              <ArrowLeft className="size-3.5" aria-hidden="true" /> All incidents
            </Button>
          </div>
          <IncidentDetail key={shown.id} incident={shown} refresh={refresh} />
        </section>
      )}
    </div>
  );
}
