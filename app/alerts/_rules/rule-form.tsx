'use client';

import { useState } from 'react';
import type { GroupKey } from '#lib/alerts/alert-rule.ts';
import type { Severity } from '#lib/session/view.ts';
import { sendJson } from '../../_live/send-json.ts';
import { Button } from '../../_ui/button.tsx';
import { ActionProblem } from '../_data/action-problem.tsx';
import { Choice, Field, TextInput, Tick } from '../_data/field.tsx';
import type { ChannelRow, RuleRow } from '../_data/rows.ts';
import { useAction } from '../_data/use-action.ts';
import type { RuleForm as Form } from './rule-draft.ts';
import { NEW_RULE, toDraft, toForm } from './rule-draft.ts';

const SEVERITIES: readonly (readonly [Severity, string])[] = (['critical', 'high', 'medium', 'low', 'info'] as const).map(
  (severity) => [severity, severity],
);
const GROUPS: readonly (readonly [GroupKey | 'nothing', string])[] = [
  ['finding', 'the same finding'],
  ['rule', 'anomaly rule'],
  ['session', 'session'],
  ['provider', 'provider'],
  ['model', 'model'],
  ['nothing', 'nothing: one at a time'],
];
const SHARE_GROUPS = GROUPS.filter(([key]) => key === 'provider' || key === 'model' || key === 'nothing');

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
  const text = (key: keyof Form) => ({
    value: String(form[key]),
    onChange: (event: { target: { value: string } }) => set({ [key]: event.target.value }),
  });
  const save = async () => {
    const { isEnabled, ...draft } = toDraft(form);
    const isSaved = await action.run(async () => {
      if (rule === null) await sendJson('POST', '/api/v1/alerts/rules', { ...draft, isEnabled });
      else await sendJson('PATCH', `/api/v1/alerts/rules/${rule.id}`, draft);
      await refresh();
    });
    if (isSaved) onClose();
  };
  const isShare = form.kind === 'share';
  return (
    <form
      aria-label={rule === null ? 'New rule' : 'Rule'}
      className="flex flex-col gap-3 rounded-lg border bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name">
          <TextInput required maxLength={200} placeholder="Missing deltas in production" {...text('name')} />
        </Field>
        <Field label="Opens an incident for">
          <Choice
            value={form.kind}
            choices={[
              ['anomaly', 'an anomaly'],
              ['share', 'a share of responses'],
            ]}
            onChoose={(kind) => set({ kind, groupBy: kind === 'share' ? 'nothing' : 'finding' })}
          />
        </Field>
      </div>
      {isShare ? (
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          <Field label="Responses">
            <Choice
              value={form.of}
              choices={[
                ['cancelled', 'cancelled'],
                ['failed', 'failed'],
                ['missing-delta', 'without deltas'],
              ]}
              onChoose={(of) => set({ of })}
            />
          </Field>
          <Field label="More than (%)">
            <TextInput required type="number" min={0} max={100} step="any" {...text('percent')} />
          </Field>
          <Field label="Window (minutes)">
            <TextInput required type="number" min={1} step="any" {...text('windowMinutes')} />
          </Field>
          <Field label="At least (responses)">
            <TextInput required type="number" min={1} {...text('minResponses')} />
          </Field>
        </div>
      ) : null}
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <Field label={isShare ? 'Severity' : 'Severity, at least'}>
          <Choice value={form.severity} choices={SEVERITIES} onChoose={(severity) => set({ severity })} />
        </Field>
        {isShare ? null : (
          <Field label="Anomaly rule">
            <Choice
              value={form.ruleId}
              choices={[['', 'any'] as const, ...anomalyRules.map((id) => [id, id] as const)]}
              onChoose={(ruleId) => set({ ruleId })}
            />
          </Field>
        )}
        {isShare && form.of === 'cancelled' ? (
          <Field label="Reason">
            <TextInput placeholder="any, e.g. turn_detected" {...text('reason')} />
          </Field>
        ) : null}
        <Field label="One incident for each">
          <Choice value={form.groupBy} choices={isShare ? SHARE_GROUPS : GROUPS} onChoose={(groupBy) => set({ groupBy })} />
        </Field>
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <Field label="Provider">
          <TextInput placeholder="any" maxLength={200} {...text('provider')} />
        </Field>
        <Field label="Model">
          <TextInput placeholder="any, e.g. gpt-realtime*" maxLength={200} {...text('model')} />
        </Field>
        <Field label="Tags" className="max-sm:col-span-2">
          <TextInput placeholder="any, e.g. env=prod" maxLength={400} {...text('tags')} />
        </Field>
        <Field label="In sessions that match" className="col-span-full">
          <TextInput placeholder='any, e.g. tool:get_weather "refund policy"' maxLength={1000} {...text('query')} />
        </Field>
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <Field label="Resolve after quiet (minutes)">
          <TextInput required type="number" min={0.1} step="any" {...text('quietMinutes')} />
        </Field>
        <Field label="Tell again after (minutes)">
          <TextInput type="number" min={0.1} step="any" placeholder="never" {...text('renotifyMinutes')} />
        </Field>
        <fieldset className="flex flex-col gap-1 max-sm:col-span-2">
          <legend className="mb-1 text-2xs text-muted">Channels</legend>
          {channels.length === 0 ? <span className="text-faint text-xs">None yet: incidents show here only.</span> : null}
          {channels.map(({ id, name }) => (
            <Tick
              key={id}
              label={name}
              checked={form.channelIds.includes(id)}
              onChange={(checked) =>
                set({ channelIds: form.channelIds.filter((other) => other !== id).concat(checked ? [id] : []) })
              }
            />
          ))}
        </fieldset>
      </div>
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
