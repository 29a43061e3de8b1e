import type { WallMicros } from '#lib/base/brand.ts';
import { xOfSeq, xOfTime } from './timeline-axis.ts';
import type { Timeline, TimelineRows } from './timeline-lanes.ts';
import type { ItemView, ToolCallView, TurnView } from './view.ts';

/** Spans of the lanes, from the session's rows. Ends that are not known yet lie at the newest event, and say so (`open`). */

/** A stretch of a lane; overlapping ones are told apart by `row`, counted from 0. */
export interface Span {
  readonly x0: number;
  readonly x1: number;
  readonly open: boolean;
  readonly row: number;
  readonly fromSeq: number;
  readonly toSeq: number;
}

export interface SpeechSpan extends Span {
  readonly ordinal: number;
  readonly itemId: string | null;
  readonly interruptedResponseId: string | null;
}

export interface ResponseSpan extends Span {
  readonly id: string;
  readonly ordinal: number;
  readonly status: string;
  readonly reason: string | null;
  readonly firstOutputX: number | null;
  readonly firstAudioX: number | null;
  /** Where the part begins that was cancelled: at the newest output that still came. Null where nothing was. */
  readonly cancelledX: number | null;
  /** Its audio as it is played; null without audio, or where the axis is no time. */
  readonly playback: Playback | null;
}

/** When generated audio is heard, if it is played from its first piece on without a pause: models generate faster than people listen. */
export interface Playback {
  readonly startX: number;
  readonly endX: number;
  /** Where the client cut it (`conversation.item.truncate`): what lies behind was generated, but nobody heard it. Null: not cut. */
  readonly cutX: number | null;
}

export interface ItemSpan extends Span {
  readonly id: string;
  readonly type: string;
  readonly role: string | null;
  readonly deleted: boolean;
}

export interface ToolSpan extends Span {
  readonly callId: string;
  readonly name: string | null;
  readonly status: ToolCallView['status'];
  readonly calledX: number | null;
  readonly outputX: number | null;
  readonly followUpX: number | null;
}

export interface TranscriptMark {
  readonly itemId: string;
  readonly role: string | null;
  readonly x: number;
  readonly text: string;
  readonly final: boolean;
}

/** User speech: VAD start to stop. Turns without speech events have none. */
export function speechSpans(timeline: Timeline, { turns }: TimelineRows, endX: number): SpeechSpan[] {
  const { axis, hints } = timeline;
  const spoken = turns.filter((turn) => wasHeard(timeline, turn));
  return inRows(
    spoken.map((turn) => {
      const startSeq = (turn.itemId === null ? undefined : hints.speechStartSeq.get(turn.itemId)) ?? turn.firstSeq;
      const stopSeq = turn.itemId === null ? undefined : hints.speechStopSeq.get(turn.itemId);
      const stopX = stopSeq === undefined ? xOfTime(axis, turn.speechStoppedAt) : xOfSeq(axis, stopSeq);
      return {
        ordinal: turn.ordinal,
        itemId: turn.itemId,
        interruptedResponseId: turn.interruptedResponseId,
        x0: xOfSeq(axis, startSeq),
        x1: stopX ?? endX,
        open: stopX === null,
        fromSeq: startSeq,
        toSeq: stopSeq ?? turn.lastSeq,
      };
    }),
  );
}

function wasHeard({ hints }: Timeline, turn: TurnView): boolean {
  if (turn.kind !== 'speech') return false;
  return (
    turn.speechStartedAt !== null || turn.audioStartMs !== null || (turn.itemId !== null && hints.speechStartSeq.has(turn.itemId))
  );
}

/** Responses: created → first output → first audio → done. */
export function responseSpans(timeline: Timeline, { responses, items }: TimelineRows, endX: number): ResponseSpan[] {
  const { axis, hints } = timeline;
  const spoken = Map.groupBy(items, (item) => item.responseId);
  return inRows(
    responses.map((response) => {
      const firstAudioX = xOf(timeline, hints.firstAudioSeq.get(response.id), response.firstAudioAt);
      const firstOutputX = xOf(timeline, hints.firstOutputSeq.get(response.id), response.firstOutputAt);
      const doneX = response.doneSeq === null ? null : xOfSeq(axis, response.doneSeq);
      const cancelled = response.status === 'cancelled' && doneX !== null;
      return {
        id: response.id,
        ordinal: response.ordinal,
        status: response.status,
        reason: response.reason,
        firstOutputX,
        firstAudioX,
        cancelledX: cancelled ? (firstAudioX ?? firstOutputX ?? xOfSeq(axis, response.firstSeq)) : null,
        playback: axis.kind === 'time' && firstAudioX !== null ? playbackOf(firstAudioX, spoken.get(response.id) ?? []) : null,
        x0: xOfSeq(axis, response.firstSeq),
        x1: doneX ?? endX,
        open: doneX === null,
        fromSeq: response.firstSeq,
        toSeq: response.doneSeq ?? response.lastSeq,
      };
    }),
  );
}

function playbackOf(startX: number, items: readonly ItemView[]): Playback | null {
  let endX = startX;
  let cutX: number | null = null;
  for (const { audioMs, truncatedAtMs } of items) {
    if (truncatedAtMs !== null && truncatedAtMs < audioMs) cutX ??= endX + truncatedAtMs * 1000;
    endX += audioMs * 1000;
  }
  return endX === startX ? null : { startX, endX, cutX };
}

/** Items: first sight to done. Many are whole at once and never said to be done; only what a response still writes is not. */
export function itemSpans(timeline: Timeline, { items, responses }: TimelineRows, endX: number): ItemSpan[] {
  const { axis, hints } = timeline;
  const writing = new Set(responses.filter((response) => response.doneSeq === null).map((response) => response.id));
  return inRows(
    items.map((item) => {
      const unsaid = item.responseId === null ? item.status !== 'in_progress' : !writing.has(item.responseId);
      const finished = item.status === 'completed' || item.status === 'incomplete' || item.doneAt !== null || unsaid;
      const doneSeq = hints.itemDoneSeq.get(item.id) ?? (finished ? item.lastSeq : null);
      const doneX = xOfTime(axis, item.doneAt) ?? (doneSeq === null ? null : xOfSeq(axis, doneSeq));
      const x0 = xOfSeq(axis, item.firstSeq);
      return {
        id: item.id,
        type: item.type,
        role: item.role,
        deleted: item.deleted,
        x0,
        x1: Math.max(x0, doneX ?? endX),
        open: doneX === null,
        fromSeq: item.firstSeq,
        toSeq: item.lastSeq,
      };
    }),
  );
}

/**
 * Tool calls: announced → called → output → the response that followed. In a Responses stream without the client's side the output travels
 * unseen, in the next request: there a call is over with its response.
 */
export function toolSpans(timeline: Timeline, { session, toolCalls, responses }: TimelineRows, endX: number): ToolSpan[] {
  const { axis } = timeline;
  const firstSeqs = new Map(responses.map((response) => [response.id, response.firstSeq]));
  const isAnsweredUnseen = session.dialect === 'responses' && session.counts.clientEvents === 0;
  const doneSeqs = new Map(isAnsweredUnseen ? responses.map(({ id, doneSeq }) => [id, doneSeq]) : []);
  return inRows(
    toolCalls.map((call) => {
      const calledX = call.calledSeq === null ? null : xOfSeq(axis, call.calledSeq);
      const outputX = call.outputSeq === null ? null : xOfSeq(axis, call.outputSeq);
      const followSeq = call.followUpResponseId === null ? undefined : firstSeqs.get(call.followUpResponseId);
      const followUpX = followSeq === undefined ? null : xOfSeq(axis, followSeq);
      const isOver = call.status === 'cancelled' || call.status === 'failed';
      const overSeq = isOver ? call.lastSeq : (doneSeqs.get(call.responseId ?? '') ?? null);
      const end = followUpX ?? outputX ?? (overSeq === null ? null : xOfSeq(axis, overSeq));
      return {
        callId: call.callId,
        name: call.name,
        status: call.status,
        calledX,
        outputX,
        followUpX,
        x0: xOfSeq(axis, call.firstSeq),
        x1: end ?? endX,
        open: end === null,
        fromSeq: call.firstSeq,
        toSeq: call.lastSeq,
      };
    }),
  );
}

/** What was said, where its item begins. */
export function transcriptMarks(timeline: Timeline, items: readonly ItemView[]): TranscriptMark[] {
  return items
    .filter((item) => item.text !== null && item.text !== '')
    .map((item) => ({
      itemId: item.id,
      role: item.role,
      x: xOfSeq(timeline.axis, item.firstSeq),
      text: item.text ?? '',
      final: item.textFinal,
    }));
}

function xOf(timeline: Timeline, seq: number | undefined, time: WallMicros | null): number | null {
  return seq === undefined ? xOfTime(timeline.axis, time) : xOfSeq(timeline.axis, seq);
}

/** Gives each span the first row that is free where it begins. Spans come in order of their first event. */
function inRows<S extends Omit<Span, 'row'>>(spans: readonly S[]): (S & { readonly row: number })[] {
  const ends: number[] = [];
  return spans.map((span) => {
    const free = ends.findIndex((end) => end <= span.x0);
    const row = free === -1 ? ends.length : free;
    ends[row] = span.x1;
    return { ...span, row };
  });
}
