'use client';

import { useState } from 'react';
import { sendJson } from '../../_live/send-json.ts';
import { Button } from '../../_ui/button.tsx';
import { ActionProblem } from '../_data/action-problem.tsx';
import type { ChannelRow, RuleRow } from '../_data/rows.ts';
import { useAction } from '../_data/use-action.ts';
import type { RuleForm as Form } from './rule-draft.ts';
import { NEW_RULE, toDraft, toForm } from './rule-draft.ts';
import { IncidentFields, KindFields, SessionFields, ShareFields, TellingFields } from './rule-fields.tsx';

interface RuleFormProps {
  /** Null for a new one. */
  readonly rule: RuleRow | null;
  readonly channels: readonly ChannelRow[];
  readonly anomalyRules: readonly string[];
  readonly onClose: () => void;
  readonly refresh: () => Promise<void>;
}

/** Makes or changes a rule. */
export function RuleForm({ rule, channels, anomalyRules, onClose, refresh }: RuleFormProps) {
  const [form, setForm] = useState<Form>(
    rule === null ? { ...NEW_RULE, channelIds: channels.map(({ id }) => id) } : toForm(rule),
  );
  const action = useAction();
  const set = (change: Partial<Form>) => setForm((held) => ({ ...held, ...change }));
  const save = async () => {
    const { isEnabled, ...draft } = toDraft(form);
    const isSaved = await action.run(async () => {
      if (rule === null) await sendJson('POST', '/api/v1/alerts/rules', { ...draft, isEnabled });
      else await sendJson('PATCH', `/api/v1/alerts/rules/${rule.id}`, draft);
      await refresh();
    });
    if (isSaved) onClose();
  };
  const fields = { form, set };
  return (
    <form
      aria-label={rule === null ? 'New rule' : 'Rule'}
      className="flex flex-col gap-3 rounded-lg border bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <KindFields {...fields} />
      {form.kind === 'share' ? <ShareFields {...fields} /> : null}
      <IncidentFields {...fields} anomalyRules={anomalyRules} />
      <SessionFields {...fields} />
      <TellingFields {...fields} channels={channels} />
      <div className="flex gap-2">
        <Button type="submit" disabled={action.isBusy} isPrimary>
          {rule === null ? 'Make the rule' : 'Save'}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
      <ActionProblem problem={action.problem} />
    </form>
  );
}
