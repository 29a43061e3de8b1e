'use client';

import { useQueryState } from 'nuqs';
import type { RefObject } from 'react';
import { useMemo, useState } from 'react';
import { EmptyState } from '../../_ui/empty-state.tsx';
import { formatCount, formatPlural } from '../../_ui/format.ts';
import { useMedia } from '../../_ui/use-media.ts';
import { EventDrawer } from './_drawer/event-drawer.tsx';
import { EventFilterBar } from './_events/event-filter-bar.tsx';
import { EventList } from './_events/event-list.tsx';
import type { SessionData } from './_live/session-data.ts';
import { lanesParser } from './_state/params.ts';
import { badEndings } from './_state/stops.ts';
import { useTimelineKeys } from './_state/use-timeline-keys.ts';
import { useTimelineState } from './_state/use-timeline-state.ts';
import { LaneCanvas } from './_timeline/lane-canvas.tsx';
import { LaneMenu } from './_timeline/lane-menu.tsx';
import { MinimapCanvas } from './_timeline/minimap-canvas.tsx';
import { makeScene } from './_timeline/scene.ts';
import { TimelineTools } from './_timeline/timeline-tools.tsx';

interface TimelineTabProps {
  readonly data: SessionData;
  /** The selection that the part in view was last chosen for; it outlives the tab. */
  readonly revealed: RefObject<number | null>;
}

/** Lanes above, events below, the selected one beside: all three always in step. */
export function TimelineTab({ data, revealed }: TimelineTabProps) {
  // Decided once: lanes must not move under the reader when a call ends.
  const [everyLane] = useState(data.session.status === 'open');
  const usual = everyLane ? 'every' : 'telling';
  const [asked, setChosen] = useQueryState('lanes', lanesParser);
  // A link that names no lane there is has chosen none.
  const chosen = asked?.length === 0 ? null : asked;
  const scene = useMemo(() => makeScene(data.log, data, chosen ?? usual), [data, chosen, usual]);
  const state = useTimelineState(data, scene, revealed);
  const ended = useMemo(() => badEndings(data.responses), [data.responses]);
  useTimelineKeys(data, scene, state, ended);
  const narrow = useMedia('(max-width: 900px)');
  const drawer =
    state.seq === null ? null : (
      <EventDrawer
        data={data}
        ended={ended}
        links={scene.links}
        seq={state.seq}
        onSelect={state.select}
        onId={state.filterById}
        onClose={() => state.select(null)}
      />
    );
  if (data.log.count === 0) {
    return (
      <EmptyState title={data.session.status === 'open' ? 'Connected, nothing said yet' : 'No message was exchanged'}>
        {data.session.status === 'open'
          ? 'Messages appear here as they travel.'
          : 'The connection ended before either party said anything.'}
      </EmptyState>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <section aria-label="Timeline" className="relative shrink-0 bg-surface">
        <MinimapCanvas scene={scene} store={state.view} />
        <LaneCanvas
          scene={scene}
          store={state.view}
          selectedSeq={state.seq}
          onSelect={state.select}
          label={`Lanes of ${formatPlural(data.log.count, 'event', formatCount)}; the list below holds the same`}
        />
      </section>
      <EventFilterBar log={data.log} filter={state.filter} shown={state.shownEvents} onChange={state.changeFilter}>
        <LaneMenu lanes={scene.lanes} usual={usual} chosen={chosen !== null} onLanes={(lanes) => void setChosen(lanes)} />
        <TimelineTools store={state.view} data={data} following={state.following} onFollowing={state.setFollowing} />
      </EventFilterBar>
      {/* On a phone, or when zoomed in, the lanes leave the list no room: there the page scrolls. */}
      <div className="flex min-h-52 flex-1 max-sm:min-h-[70dvh]">
        <EventList
          data={data}
          ended={ended}
          lines={state.lines}
          selectedLine={state.selectedLine}
          unfolded={state.unfolded}
          onSelect={state.select}
          onUnfold={state.toggleUnfolded}
          following={state.following}
          onFollowing={state.setFollowing}
          unseen={state.unseen}
        />
        {drawer === null ? null : narrow ? (
          <div className="fixed inset-x-0 bottom-0 z-30 h-[72dvh] overflow-hidden rounded-t-xl border-t shadow-pop">{drawer}</div>
        ) : (
          <div className="w-[clamp(22rem,34vw,36rem)] shrink-0 border-l">{drawer}</div>
        )}
      </div>
    </div>
  );
}
