'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../_ui/button.tsx';
import { EmptyState } from '../../_ui/empty-state.tsx';
import type { AlertLists } from '../_data/use-alerts.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleLine } from './rule-line.tsx';

interface RulesTabProps {
  readonly lists: AlertLists;
  readonly anomalyRules: readonly string[];
  readonly refresh: () => Promise<void>;
}

/** What opens incidents. */
export function RulesTab({ lists, anomalyRules, refresh }: RulesTabProps) {
  /** The id of the rule whose form is open, or `new`. */
  const [edited, setEdited] = useState<string | null>(null);
  const { rules, channels } = lists;
  const form = (id: string) => (
    <RuleForm
      key={id}
      rule={rules.find((rule) => rule.id === id) ?? null}
      channels={channels}
      anomalyRules={anomalyRules}
      onClose={() => setEdited(null)}
      refresh={refresh}
    />
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label="Rules" tabIndex={0} className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-4xl flex-col gap-3 p-4">
        {edited === 'new' ? (
          form('new')
        ) : (
          <div>
            <Button onClick={() => setEdited('new')}>
              <Plus className="size-3.5" aria-hidden="true" /> New rule
            </Button>
          </div>
        )}
        {rules.length === 0 && edited === null ? (
          <EmptyState title="No rule yet">
            A rule opens an incident when an anomaly is found, or when too many responses are cancelled, fail or lack their
            deltas.
          </EmptyState>
        ) : null}
        {rules.map((rule) =>
          edited === rule.id ? (
            form(rule.id)
          ) : (
            <RuleLine key={rule.id} rule={rule} channels={channels} onEdit={() => setEdited(rule.id)} refresh={refresh} />
          ),
        )}
      </div>
    </section>
  );
}
