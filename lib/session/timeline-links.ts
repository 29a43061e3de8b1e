import { xOfSeq } from './timeline-axis.ts';
import type { Timeline, TimelineRows } from './timeline-lanes.ts';

/**
 * Arrows between lanes, cause → effect:
 * `error`: client event → the error that answers it; `interrupt`: user speech → the response that it cancelled;
 * `answer`: turn → the response to it; `output`: call → its output; `follow_up`: output → the response after it.
 */
export interface TimelineLink {
  readonly kind: 'error' | 'interrupt' | 'answer' | 'output' | 'follow_up';
  readonly fromSeq: number;
  readonly fromX: number;
  readonly toSeq: number;
  readonly toX: number;
}

/** All arrows of a session, in order of their cause within each kind. */
export function layoutLinks(timeline: Timeline, rows: TimelineRows): TimelineLink[] {
  const responses = new Map(rows.responses.map((response) => [response.id, response]));
  const links: TimelineLink[] = [];
  const add = (kind: TimelineLink['kind'], fromSeq: number | null | undefined, toSeq: number | null | undefined): void => {
    if (fromSeq === null || fromSeq === undefined || toSeq === null || toSeq === undefined) return;
    links.push({ kind, fromSeq, fromX: xOfSeq(timeline.axis, fromSeq), toSeq, toX: xOfSeq(timeline.axis, toSeq) });
  };
  for (const error of timeline.hints.errors) add('error', error.causeSeq, error.seq);
  for (const turn of rows.turns) {
    const speechSeq = (turn.itemId === null ? undefined : timeline.hints.speechStopSeq.get(turn.itemId)) ?? turn.firstSeq;
    add(
      'interrupt',
      turn.firstSeq,
      turn.interruptedResponseId === null ? null : responses.get(turn.interruptedResponseId)?.doneSeq,
    );
    add('answer', speechSeq, turn.responseId === null ? null : responses.get(turn.responseId)?.firstSeq);
  }
  for (const call of rows.toolCalls) {
    add('output', call.calledSeq, call.outputSeq);
    add('follow_up', call.outputSeq, call.followUpResponseId === null ? null : responses.get(call.followUpResponseId)?.firstSeq);
  }
  return links;
}
