'use client';

import { parseAsInteger, useQueryState } from 'nuqs';
import { useEffect, useMemo, useRef } from 'react';
import type { SessionView } from '#lib/session/view.ts';
import { Button } from '../../_ui/button.tsx';
import { ProblemNote } from '../../_ui/problem-note.tsx';
import { useKeys } from '../../_ui/use-keys.ts';
import { rememberOpened } from '../_list/last-opened.ts';
import { SessionHeader } from './_header/session-header.tsx';
import type { SessionData } from './_live/session-data.ts';
import { useLiveSession } from './_live/use-live-session.ts';
import { tabParser } from './_state/params.ts';
import type { Tab } from './_state/tabs.ts';
import { TABS } from './_state/tabs.ts';
import { AnomaliesTab } from './_tabs/anomalies-tab.tsx';
import { ConfigurationTab } from './_tabs/configuration-tab.tsx';
import { ConversationTab } from './_tabs/conversation-tab.tsx';
import { RawTab } from './_tabs/raw-tab.tsx';
import { ResponsesTab } from './_tabs/responses-tab.tsx';
import { TabBar } from './_tabs/tab-bar.tsx';
import { ToolsTab } from './_tabs/tools-tab.tsx';
import { UsageTab } from './_tabs/usage-tab.tsx';
import { SessionSkeleton } from './session-skeleton.tsx';
import { TimelineTab } from './timeline-tab.tsx';

/** One session in the browser: read once, then live. */
export function SessionScreen({ initial }: { readonly initial: SessionView }) {
  const live = useLiveSession(initial.id, initial.lastSeq);
  useEffect(() => rememberOpened(initial.id), [initial.id]);
  const [tab, setTab] = useQueryState('tab', tabParser);
  const session = live.state === 'ready' ? live.data.session : initial;
  useKeys(useMemo(() => Object.fromEntries(TABS.map((name, index) => [String(index + 1), () => setTab(name)])), [setTab]));
  return (
    <main className="flex min-h-0 flex-1 flex-col" data-session-page={session.id}>
      <SessionHeader session={session} data={live.state === 'ready' ? live.data : null} />
      <TabBar session={session} tab={tab} onTab={(next) => void setTab(next)} />
      {live.state === 'loading' ? <SessionSkeleton /> : null}
      {live.state === 'problem' ? (
        <ProblemNote
          title="This session could not be read"
          code={live.problem.code}
          action={<Button onClick={() => window.location.reload()}>Try again</Button>}
        >
          {live.problem.message} What is recorded is safe.
        </ProblemNote>
      ) : null}
      {live.state === 'ready' ? <TabBody tab={tab} data={live.data} /> : null}
    </main>
  );
}

function TabBody({ tab, data }: { readonly tab: Tab; readonly data: SessionData }) {
  const [seq] = useQueryState('seq', parseAsInteger);
  const revealed = useRef(seq);
  switch (tab) {
    case 'timeline':
      return <TimelineTab data={data} revealed={revealed} />;
    case 'conversation':
      return <ConversationTab data={data} />;
    case 'responses':
      return <ResponsesTab data={data} />;
    case 'tools':
      return <ToolsTab data={data} />;
    case 'configuration':
      return <ConfigurationTab data={data} />;
    case 'usage':
      return <UsageTab data={data} />;
    case 'anomalies':
      return <AnomaliesTab data={data} />;
    case 'raw':
      return <RawTab data={data} />;
  }
}
