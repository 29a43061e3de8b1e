'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { cn } from '../_ui/class-names.ts';
import { formatCount } from '../_ui/format.ts';
import { ProblemNote } from '../_ui/problem-note.tsx';
import { Skeleton } from '../_ui/skeleton.tsx';
import { ChannelsTab } from './_channels/channels-tab.tsx';
import type { AlertLists } from './_data/use-alerts.ts';
import { useAlerts } from './_data/use-alerts.ts';
import { IncidentsTab } from './_incidents/incidents-tab.tsx';
import { RulesTab } from './_rules/rules-tab.tsx';

const TABS = ['incidents', 'rules', 'channels'] as const;
type Tab = (typeof TABS)[number];
const TITLES: Readonly<Record<Tab, string>> = { incidents: 'Incidents', rules: 'Rules', channels: 'Channels' };

const PARSERS = {
  tab: parseAsStringLiteral(TABS).withDefault('incidents'),
  /** The incident that is looked at. */
  incident: parseAsString,
};

/** Alerts in the browser: what happened, what opens incidents, and where messages go. */
export function AlertsScreen({ anomalyRules }: { readonly anomalyRules: readonly string[] }) {
  const [{ tab, incident }, setParams] = useQueryStates(PARSERS, { history: 'push' });
  const { lists, problem, refresh } = useAlerts();
  return (
    <main className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex shrink-0 items-end gap-4 border-b px-4 pt-2">
        <h1 className="pb-1.5 font-semibold text-sm">Alerts</h1>
        <nav aria-label="Parts of alerts" className="flex gap-1">
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={tab === name ? 'page' : undefined}
              onClick={() => void setParams({ tab: name, incident: null })}
              className={cn(
                '-mb-px h-8 border-transparent border-b-2 px-2 text-muted text-xs hover:text-ink',
                tab === name && 'border-accent font-medium text-ink',
              )}
            >
              {TITLES[name]}
              {lists === null ? null : <span className="ml-1.5 text-faint">{formatCount(countOf(lists, name))}</span>}
            </button>
          ))}
        </nav>
      </div>
      {problem === null ? null : (
        <ProblemNote title="The alerts could not be read" code={problem.code}>
          {problem.message} Incidents open and are sent all the same; this page tries again by itself.
        </ProblemNote>
      )}
      {lists === null && problem === null ? <AlertsSkeleton /> : null}
      {lists !== null && tab === 'incidents' ? (
        <IncidentsTab
          lists={lists}
          chosen={incident}
          onChoose={(id) => void setParams({ incident: id })}
          onTab={(name) => void setParams({ tab: name, incident: null })}
          refresh={refresh}
        />
      ) : null}
      {lists !== null && tab === 'rules' ? <RulesTab lists={lists} anomalyRules={anomalyRules} refresh={refresh} /> : null}
      {lists !== null && tab === 'channels' ? <ChannelsTab lists={lists} refresh={refresh} /> : null}
    </main>
  );
}

function countOf({ incidents, rules, channels }: AlertLists, tab: Tab): number {
  switch (tab) {
    case 'incidents':
      return incidents.filter((incident) => incident.state === 'open').length;
    case 'rules':
      return rules.length;
    case 'channels':
      return channels.length;
  }
}

function AlertsSkeleton() {
  return (
    <div className="flex flex-col gap-2 p-4">
      {['a', 'b', 'c', 'd'].map((key) => (
        <Skeleton key={key} className="h-10" />
      ))}
    </div>
  );
}
