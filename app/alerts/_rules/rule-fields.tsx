import type { GroupKey } from '#lib/alerts/alert-rule.ts';
import type { Severity } from '#lib/session/view.ts';
import { Choice, Field, TextInput, Tick } from '../_data/field.tsx';
import type { ChannelRow } from '../_data/rows.ts';
import type { RuleForm } from './rule-draft.ts';

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

/** What a part of the form shows, and how it changes it. */
interface FieldsProps {
  readonly form: RuleForm;
  readonly set: (change: Partial<RuleForm>) => void;
}

/** The name, and of what kind the rule is. */
export function KindFields({ form, set }: FieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Name">
        <TextInput required maxLength={200} placeholder="Missing deltas in production" {...textOf(form, set, 'name')} />
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
  );
}

/** Of which responses how many are too many. */
export function ShareFields({ form, set }: FieldsProps) {
  return (
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
        <TextInput required type="number" min={0} max={100} step="any" {...textOf(form, set, 'percent')} />
      </Field>
      <Field label="Window (minutes)">
        <TextInput required type="number" min={1} step="any" {...textOf(form, set, 'windowMinutes')} />
      </Field>
      <Field label="At least (responses)">
        <TextInput required type="number" min={1} {...textOf(form, set, 'minResponses')} />
      </Field>
    </div>
  );
}

/** How grave an incident is, of what, and what makes two of them one. */
export function IncidentFields({ form, set, anomalyRules }: FieldsProps & { readonly anomalyRules: readonly string[] }) {
  const isShare = form.kind === 'share';
  return (
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
          <TextInput placeholder="any, e.g. turn_detected" {...textOf(form, set, 'reason')} />
        </Field>
      ) : null}
      <Field label="One incident for each">
        <Choice value={form.groupBy} choices={isShare ? SHARE_GROUPS : GROUPS} onChoose={(groupBy) => set({ groupBy })} />
      </Field>
    </div>
  );
}

/** Which sessions the rule looks at. */
export function SessionFields({ form, set }: FieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
      <Field label="Provider">
        <TextInput placeholder="any" maxLength={200} {...textOf(form, set, 'provider')} />
      </Field>
      <Field label="Model">
        <TextInput placeholder="any, e.g. gpt-realtime*" maxLength={200} {...textOf(form, set, 'model')} />
      </Field>
      <Field label="Tags" className="max-sm:col-span-2">
        <TextInput placeholder="any, e.g. env=prod" maxLength={400} {...textOf(form, set, 'tags')} />
      </Field>
      <Field label="In sessions that match" className="col-span-full">
        <TextInput placeholder='any, e.g. tool:get_weather "refund policy"' maxLength={1000} {...textOf(form, set, 'query')} />
      </Field>
    </div>
  );
}

/** When it is over, when it is told again, and to whom. */
export function TellingFields({ form, set, channels }: FieldsProps & { readonly channels: readonly ChannelRow[] }) {
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
      <Field label="Resolve after quiet (minutes)">
        <TextInput required type="number" min={0.1} step="any" {...textOf(form, set, 'quietMinutes')} />
      </Field>
      <Field label="Tell again after (minutes)">
        <TextInput type="number" min={0.1} step="any" placeholder="never" {...textOf(form, set, 'renotifyMinutes')} />
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
  );
}

function textOf(form: RuleForm, set: FieldsProps['set'], key: keyof RuleForm) {
  return {
    value: String(form[key]),
    onChange: (event: { target: { value: string } }) => set({ [key]: event.target.value }),
  };
}
