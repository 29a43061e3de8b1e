'use client';

import { useState } from 'react';
import type { ChannelKind } from '#lib/alerts/alert-rule.ts';
import { sendJson } from '../../_live/send-json.ts';
import { Button } from '../../_ui/button.tsx';
import { ActionProblem } from '../_data/action-problem.tsx';
import { Choice, Field, TextInput } from '../_data/field.tsx';
import { useAction } from '../_data/use-action.ts';

interface ChannelFormProps {
  readonly onClose: () => void;
  /** Told the signing secret, null for Slack. */
  readonly onMade: (secret: string | null) => void;
  readonly refresh: () => Promise<void>;
}

/** Makes a channel. */
export function ChannelForm({ onClose, onMade, refresh }: ChannelFormProps) {
  const [draft, setDraft] = useState<{ readonly name: string; readonly kind: ChannelKind; readonly url: string }>({
    name: '',
    kind: 'webhook',
    url: '',
  });
  const action = useAction();
  const make = async () => {
    const isMade = await action.run(async () => {
      const made = await sendJson<{ secret: string | null }>('POST', '/api/v1/alerts/channels', draft);
      onMade(made?.secret ?? null);
      await refresh();
    });
    if (isMade) onClose();
  };
  return (
    <form
      aria-label="New channel"
      className="flex flex-col gap-3 rounded-lg border bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name">
          <TextInput
            required
            maxLength={200}
            placeholder="On call"
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        </Field>
        <Field label="Kind">
          <Choice
            value={draft.kind}
            choices={[
              ['webhook', 'Webhook (Standard Webhooks)'],
              ['slack', 'Slack and what speaks like it'],
            ]}
            onChoose={(kind) => setDraft({ ...draft, kind })}
          />
        </Field>
      </div>
      <Field
        label="Address"
        hint="Kept secret: of it only the host is shown again. Private addresses are refused unless allowed."
      >
        <TextInput
          required
          type="url"
          autoComplete="off"
          placeholder={draft.kind === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://example.org/hooks/deltascope'}
          value={draft.url}
          onChange={(event) => setDraft({ ...draft, url: event.target.value })}
        />
      </Field>
      <div className="flex gap-2">
        <Button type="submit" disabled={action.isBusy} isPrimary>
          Make the channel
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
      <ActionProblem problem={action.problem} />
    </form>
  );
}
