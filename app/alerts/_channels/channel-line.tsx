'use client';

import { Send } from 'lucide-react';
import { sendJson } from '../../_live/send-json.ts';
import { Badge } from '../../_ui/badge.tsx';
import { Button } from '../../_ui/button.tsx';
import { ActionProblem } from '../_data/action-problem.tsx';
import type { ChannelRow, DeliveryRow } from '../_data/rows.ts';
import { useAction } from '../_data/use-action.ts';
import { DeliveryList } from '../_incidents/delivery-list.tsx';

interface ChannelLineProps {
  readonly channel: ChannelRow;
  /** The latest, newest first. */
  readonly deliveries: readonly DeliveryRow[];
  readonly refresh: () => Promise<void>;
}

/** A channel, what can be done with it, and what went through it last. */
export function ChannelLine({ channel, deliveries, refresh }: ChannelLineProps) {
  const action = useAction();
  const path = `/api/v1/alerts/channels/${channel.id}`;
  const send = (...[method, url, body]: Parameters<typeof sendJson>) =>
    void action.run(async () => {
      await sendJson(method, url, body);
      await refresh();
    });
  return (
    <article aria-label={channel.name} className="rounded-lg border p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 truncate font-medium">{channel.name}</h2>
        <Badge>{channel.kind}</Badge>
        {channel.isEnabled ? null : <Badge tone="warn">off</Badge>}
        <code className="min-w-0 truncate font-mono text-2xs text-faint">{channel.address}</code>
        <div className="ml-auto flex flex-wrap gap-1.5 max-sm:ml-0">
          <Button disabled={action.isBusy} onClick={() => send('POST', `${path}/test`)}>
            <Send className="size-3.5" aria-hidden="true" /> Send a test
          </Button>
          <Button disabled={action.isBusy} onClick={() => send('PATCH', path, { isEnabled: !channel.isEnabled })}>
            {channel.isEnabled ? 'Turn off' : 'Turn on'}
          </Button>
          <Button disabled={action.isBusy} onClick={() => send('DELETE', path)}>
            Delete
          </Button>
        </div>
      </div>
      <ActionProblem problem={action.problem} />
      <div className="mt-2">
        <DeliveryList deliveries={deliveries} empty="Nothing was sent through it yet." />
      </div>
    </article>
  );
}
