'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../_ui/button.tsx';
import { EmptyState } from '../../_ui/empty-state.tsx';
import type { AlertLists } from '../_data/use-alerts.ts';
import { ChannelForm } from './channel-form.tsx';
import { ChannelLine } from './channel-line.tsx';
import { NewSecret } from './new-secret.tsx';

/** Where messages go. */
export function ChannelsTab({ lists, refresh }: { readonly lists: AlertLists; readonly refresh: () => Promise<void> }) {
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const { channels, deliveries } = lists;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label="Channels" tabIndex={0} className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-4xl flex-col gap-3 p-4">
        {isOpen ? (
          <ChannelForm onClose={() => setOpen(false)} onMade={setSecret} refresh={refresh} />
        ) : (
          <div>
            <Button onClick={() => setOpen(true)}>
              <Plus className="size-3.5" aria-hidden="true" /> New channel
            </Button>
          </div>
        )}
        {secret === null ? null : <NewSecret secret={secret} onClose={() => setSecret(null)} />}
        {channels.length === 0 && !isOpen ? (
          <EmptyState title="No channel yet">
            A channel is a webhook of yours, signed as Standard Webhooks has it, or an incoming webhook of Slack.
          </EmptyState>
        ) : null}
        {channels.map((channel) => (
          <ChannelLine
            key={channel.id}
            channel={channel}
            deliveries={deliveries.filter((delivery) => delivery.channelId === channel.id).slice(0, 5)}
            refresh={refresh}
          />
        ))}
      </div>
    </section>
  );
}
