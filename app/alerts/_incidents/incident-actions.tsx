'use client';

import { Bell, BellOff, Check } from 'lucide-react';
import { HOUR_MS } from '#lib/base/durations.ts';
import { sendJson } from '../../_live/send-json.ts';
import { Button } from '../../_ui/button.tsx';
import { ActionProblem } from '../_data/action-problem.tsx';
import type { IncidentRow } from '../_data/rows.ts';
import { useAction } from '../_data/use-action.ts';

/** What can be done about an incident that is open. */
export function IncidentActions({
  incident,
  refresh,
}: {
  readonly incident: IncidentRow;
  readonly refresh: () => Promise<void>;
}) {
  const action = useAction();
  const change = (body: unknown) =>
    void action.run(async () => {
      await sendJson('PATCH', `/api/v1/alerts/incidents/${incident.id}`, body);
      await refresh();
    });
  const isSilenced = incident.silencedUntil !== null && Date.parse(incident.silencedUntil) > Date.now();
  return (
    <div>
      <div className="flex flex-wrap gap-2">
        <Button disabled={action.isBusy} onClick={() => change({ state: 'resolved' })}>
          <Check className="size-3.5" aria-hidden="true" /> Resolve
        </Button>
        {isSilenced ? (
          <Button disabled={action.isBusy} onClick={() => change({ silencedUntil: null })}>
            <Bell className="size-3.5" aria-hidden="true" /> End the silence
          </Button>
        ) : (
          [1, 24].map((hours) => (
            <Button
              key={hours}
              disabled={action.isBusy}
              onClick={() => change({ silencedUntil: new Date(Date.now() + hours * HOUR_MS).toISOString() })}
            >
              <BellOff className="size-3.5" aria-hidden="true" /> Silence {hours} h
            </Button>
          ))
        )}
      </div>
      <ActionProblem problem={action.problem} />
    </div>
  );
}
