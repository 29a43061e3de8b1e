'use client';

import { HOUR_MS } from '#lib/base/durations.ts';
import { sendJson } from '../../_live/send-json.ts';
import { Badge } from '../../_ui/badge.tsx';
import { Button } from '../../_ui/button.tsx';
import { ActionProblem } from '../_data/action-problem.tsx';
import type { ChannelRow, RuleRow } from '../_data/rows.ts';
import { useAction } from '../_data/use-action.ts';
import { describeRule } from './rule-draft.ts';

interface RuleLineProps {
  readonly rule: RuleRow;
  readonly channels: readonly ChannelRow[];
  readonly onEdit: () => void;
  readonly refresh: () => Promise<void>;
}

/** A rule and what can be done with it. */
export function RuleLine({ rule, channels, onEdit, refresh }: RuleLineProps) {
  const action = useAction();
  const send = (method: 'PATCH' | 'DELETE', body?: unknown) =>
    void action.run(async () => {
      await sendJson(method, `/api/v1/alerts/rules/${rule.id}`, body);
      await refresh();
    });
  const names = channels.filter(({ id }) => rule.channelIds.includes(id)).map(({ name }) => name);
  const isSilenced = rule.silencedUntil !== null && Date.parse(rule.silencedUntil) > Date.now();
  const silencedUntil = isSilenced ? null : new Date(Date.now() + HOUR_MS).toISOString();
  return (
    <article aria-label={rule.name} className="rounded-lg border p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 truncate font-medium">{rule.name}</h2>
        {rule.isEnabled ? null : <Badge>off</Badge>}
        {isSilenced ? <Badge tone="warn">silenced</Badge> : null}
        <div className="ml-auto flex flex-wrap gap-1.5 max-sm:ml-0">
          <Button disabled={action.isBusy} onClick={() => send('PATCH', { isEnabled: !rule.isEnabled })}>
            {rule.isEnabled ? 'Turn off' : 'Turn on'}
          </Button>
          <Button disabled={action.isBusy} onClick={() => send('PATCH', { silencedUntil })}>
            {isSilenced ? 'End the silence' : 'Silence 1 h'}
          </Button>
          <Button onClick={onEdit}>Edit</Button>
          <Button disabled={action.isBusy} onClick={() => send('DELETE')}>
            Delete
          </Button>
        </div>
      </div>
      <p className="mt-1 text-muted text-xs">{describeRule(rule)}</p>
      <p className="mt-0.5 text-2xs text-faint">{names.length === 0 ? 'Shown here only' : `→ ${names.join(', ')}`}</p>
      <ActionProblem problem={action.problem} />
    </article>
  );
}
