'use client';

import { useQueryStates } from 'nuqs';
import { SEVERITIES } from '#lib/rules/rule.ts';
import type { Severity } from '#lib/session/view.ts';
import { useRefresh } from '../_live/use-refresh.ts';
import { Button } from '../_ui/button.tsx';
import { EmptyState } from '../_ui/empty-state.tsx';
import { formatHeld } from '../_ui/format.ts';
import { Select } from '../_ui/select.tsx';
import { anomalyParsers, STATES } from './_list/anomaly-params.ts';
import type { GroupRow } from './_list/group-line.tsx';
import { GroupLine } from './_list/group-line.tsx';

interface AnomaliesScreenProps {
  readonly groups: readonly GroupRow[];
  readonly nextCursor: string | null;
  readonly rules: readonly string[];
}

/** The list of anomalies in the browser: filters stand in the URL, the server reads. */
export function AnomaliesScreen({ groups, nextCursor, rules }: AnomaliesScreenProps) {
  const [params, set] = useQueryStates(anomalyParsers, { shallow: false, history: 'push' });
  useRefresh();
  const toggle = (severity: Severity) => {
    const chosen = params.severity.includes(severity);
    const next = SEVERITIES.filter((each) => (each === severity ? !chosen : params.severity.includes(each)));
    void set({ severity: next.length === 0 ? null : next, cursor: null });
  };
  const isNarrowed = params.severity.length > 0 || params.rule !== null || params.cursor !== null;
  return (
    <main className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2">
        <h1 className="mr-2 font-semibold text-sm">Anomalies</h1>
        <div role="group" aria-label="Severity" className="flex flex-wrap gap-1">
          {SEVERITIES.map((severity) => (
            <Button key={severity} pressed={params.severity.includes(severity)} onClick={() => toggle(severity)}>
              {severity}
            </Button>
          ))}
        </div>
        <Select label="Rule" value={params.rule ?? ''} onChange={(rule) => void set({ rule: rule || null, cursor: null })}>
          <option value="">every rule</option>
          {rules.map((rule) => (
            <option key={rule}>{rule}</option>
          ))}
        </Select>
        <Select
          label="State"
          value={params.state}
          onChange={(state) => void set({ state: state as (typeof STATES)[number], cursor: null })}
        >
          {STATES.map((state) => (
            <option key={state} value={state}>
              {state === 'all' ? 'every state' : state}
            </option>
          ))}
        </Select>
        <span className="ml-auto text-faint text-xs">{formatHeld(groups.length, 'kind', nextCursor !== null)}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div role="region" aria-label="Anomalies" tabIndex={0} className="min-h-0 flex-1 overflow-auto">
        {groups.length === 0 ? (
          <EmptyState title={isNarrowed ? 'Nothing matches' : `Nothing ${params.state === 'all' ? 'found' : params.state}`}>
            {isNarrowed ? (
              <Button onClick={() => void set({ severity: null, rule: null, cursor: null })}>Clear the filter</Button>
            ) : (
              'The rules watch every session as it runs.'
            )}
          </EmptyState>
        ) : (
          <ol>
            {groups.map((group) => (
              <GroupLine key={group.fingerprint} group={group} />
            ))}
          </ol>
        )}
        <div className="flex justify-center gap-2 p-4 empty:hidden">
          {params.cursor === null ? null : <Button onClick={() => void set({ cursor: null })}>Newest kinds</Button>}
          {nextCursor === null ? null : <Button onClick={() => void set({ cursor: nextCursor })}>Older kinds</Button>}
        </div>
      </div>
    </main>
  );
}
