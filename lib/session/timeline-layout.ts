import type { TimelineAxis } from './timeline-axis.ts';
import { endOf, xOfTime } from './timeline-axis.ts';
import type { Timeline, TimelineRows } from './timeline-lanes.ts';
import type { TimelineLink } from './timeline-links.ts';
import { layoutLinks } from './timeline-links.ts';
import type { ItemSpan, ResponseSpan, SpeechSpan, ToolSpan, TranscriptMark } from './timeline-spans.ts';
import { itemSpans, responseSpans, speechSpans, toolSpans, transcriptMarks } from './timeline-spans.ts';
import type { UsageStep } from './timeline-usage.ts';
import { usageSteps } from './timeline-usage.ts';

/** Spans and links, laid out. */
export interface TimelineLayout {
  readonly kind: TimelineAxis['kind'];
  /** x of the session's end, else of the newest event: what is open ends here. Silence before the end is part of the session. */
  readonly endX: number;
  readonly speech: readonly SpeechSpan[];
  readonly responses: readonly ResponseSpan[];
  readonly items: readonly ItemSpan[];
  readonly tools: readonly ToolSpan[];
  readonly transcripts: readonly TranscriptMark[];
  readonly usage: readonly UsageStep[];
  readonly links: readonly TimelineLink[];
}

/** Places spans and links for the rows as they stand. */
export function layoutTimeline(timeline: Timeline, rows: TimelineRows): TimelineLayout {
  const endX = Math.max(endOf(timeline.axis), xOfTime(timeline.axis, rows.session.endedAt) ?? 0);
  return {
    kind: timeline.axis.kind,
    endX,
    speech: speechSpans(timeline, rows, endX),
    responses: responseSpans(timeline, rows, endX),
    items: itemSpans(timeline, rows, endX),
    tools: toolSpans(timeline, rows, endX),
    transcripts: transcriptMarks(timeline, rows.items),
    usage: usageSteps(timeline.axis, rows.responses),
    links: layoutLinks(timeline, rows),
  };
}
