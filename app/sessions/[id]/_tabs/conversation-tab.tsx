'use client';

import { useMemo } from 'react';
import type { SessionView } from '#lib/session/view.ts';
import { EmptyState } from '../../../_ui/empty-state.tsx';
import { offsetText } from '../_events/offset-text.ts';
import type { SessionData } from '../_live/session-data.ts';
import type { ConversationLine } from './conversation-lines.ts';
import { conversationLines } from './conversation-lines.ts';
import { InterruptionLine } from './interruption-line.tsx';
import { SpeechLine } from './speech-line.tsx';
import { TabPage } from './tab-page.tsx';
import { ToolLine } from './tool-line.tsx';
import { useShowEvent } from './use-show-event.ts';

/** The call as people had it: who said what, which tools were asked, where somebody was interrupted. */
export function ConversationTab({ data }: { readonly data: SessionData }) {
  const lines = useMemo(() => conversationLines(data), [data]);
  const show = useShowEvent();
  if (lines.length === 0)
    return (
      <TabPage label="Conversation">
        <EmptyState title="Nothing was said">
          {data.items.length === 0 && data.log.hasKind('item')
            ? 'The recording has items, but without ids: they cannot be told apart. All messages are on the timeline.'
            : 'No item of this session is a message or a tool call.'}
        </EmptyState>
      </TabPage>
    );
  return (
    <TabPage label="Conversation">
      <ol className="mx-auto max-w-3xl px-4 py-6">
        {lines.map((line) => (
          <li
            key={`${line.kind} ${line.seq}`}
            className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-4 max-sm:grid-cols-[minmax(0,1fr)]"
          >
            <button
              type="button"
              onClick={() => show(line.seq)}
              title="Show it on the timeline"
              className="h-6 self-start text-right font-mono text-2xs text-faint hover:text-accent max-sm:text-left"
            >
              {timeOf(data, line.seq)}
            </button>
            <div className="relative border-line border-l pb-5 pl-5">
              <Line line={line} session={data.session} />
            </div>
          </li>
        ))}
      </ol>
    </TabPage>
  );
}

function Line({ line, session }: { readonly line: ConversationLine; readonly session: SessionView }) {
  switch (line.kind) {
    case 'speech':
      return <SpeechLine line={line} />;
    case 'tool':
      return <ToolLine call={line.call} session={session} />;
    case 'cancelled':
    case 'failed':
      return <InterruptionLine kind={line.kind} response={line.response} />;
  }
}

function timeOf({ log }: SessionData, seq: number): string {
  if (!log.timed) return `#${seq}`;
  const index = log.indexOfSeq(seq);
  return index < 0 ? `#${seq}` : offsetText(log.offsetMs(index));
}
