import type { ItemView, ResponseView, ToolCallView } from '#lib/session/view.ts';
import type { EventLog } from '../_live/event-log.ts';
import type { LaneLink, LaneSpan } from './lane-spans.ts';
import { itemSpans, laneLinks, responseSpans, speechSpans, toolSpans } from './lane-spans.ts';
import type { LaneId } from './lanes.ts';

/** Everything the canvases draw, in axis values; made anew when the data changes, not when the view moves. */
export interface Scene {
  readonly log: EventLog;
  readonly spans: Readonly<Partial<Record<LaneId, readonly LaneSpan[]>>>;
  readonly links: readonly LaneLink[];
  readonly live: boolean;
}

/** Makes the scene of a session. */
export function makeScene(
  log: EventLog,
  parts: { readonly responses: readonly ResponseView[]; readonly items: readonly ItemView[]; readonly toolCalls: readonly ToolCallView[] },
  live: boolean,
): Scene {
  const speech = speechSpans(log, live);
  return {
    log,
    live,
    spans: {
      speech,
      responses: responseSpans(log, parts.responses, live),
      items: itemSpans(log, parts.items),
      tools: toolSpans(log, parts.toolCalls, live),
    },
    links: laneLinks(log, speech, parts.responses, parts.toolCalls),
  };
}
