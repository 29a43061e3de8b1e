import type { ItemView, ResponseView, ToolCallView } from '#lib/session/view.ts';
import type { EventLog } from '../_live/event-log.ts';

/** How a bar of a lane is drawn: `cancelled` is hatched, `open` has no end yet, `unclosed` never got one. */
export type SpanLook = 'plain' | 'cancelled' | 'failed' | 'open' | 'unclosed';

/** A bar on a lane, in axis values. */
export interface LaneSpan {
  readonly from: number;
  readonly to: number;
  /** The message that a click selects. */
  readonly seq: number;
  readonly look: SpanLook;
  readonly label: string;
  /** A moment inside it worth a mark: the first audio of a response, the output of a call. */
  readonly mark: number | null;
  /** Which of the lane's rows it lies in. */
  readonly row: number;
}

/** A line from one moment to another: what caused what. */
export interface LaneLink {
  readonly kind: 'interruption' | 'follow-up';
  readonly fromLane: 'speech' | 'tools';
  readonly from: number;
  readonly to: number;
}

const FAILED = new Set(['failed', 'incomplete']);

/** Where the axis ends for what is still going on. */
function edge(log: EventLog): number {
  return log.lastPosition;
}

/** One bar per response, from its first message to its last; marked at its first audio. */
export function responseSpans(log: EventLog, responses: readonly ResponseView[], live: boolean): LaneSpan[] {
  return responses.map((response) => {
    const closed = response.doneSeq !== null;
    return {
      from: log.positionOfSeq(response.firstSeq),
      to: closed ? log.positionOfSeq(response.doneSeq ?? 0) : live ? edge(log) : log.positionOfSeq(response.lastSeq),
      seq: response.firstSeq,
      look: lookOf(response, closed, live),
      label: response.reason ?? (response.status === 'completed' ? '' : response.status.replace('_', ' ')),
      mark: log.positionOfTime(response.firstAudioAt ?? response.firstOutputAt),
      row: 0,
    };
  });
}

function lookOf(response: ResponseView, closed: boolean, live: boolean): SpanLook {
  if (response.status === 'cancelled') return 'cancelled';
  if (FAILED.has(response.status)) return 'failed';
  if (closed) return 'plain';
  return live ? 'open' : 'unclosed';
}

/** One bar per item in three rows: the user's, the assistant's, all others. */
export function itemSpans(log: EventLog, items: readonly ItemView[]): LaneSpan[] {
  return items.map((item) => ({
    from: log.positionOfSeq(item.firstSeq),
    to: log.positionOfSeq(item.lastSeq),
    seq: item.firstSeq,
    look: item.status === 'incomplete' || item.truncatedAtMs !== null ? 'cancelled' : 'plain',
    label: item.text ?? item.name ?? item.type,
    mark: null,
    row: item.role === 'user' ? 0 : item.role === 'assistant' ? 1 : 2,
  }));
}

/** One bar per tool call, from its first message to the output (marked where the call was complete). */
export function toolSpans(log: EventLog, calls: readonly ToolCallView[], live: boolean): LaneSpan[] {
  return calls.map((call) => ({
    from: log.positionOfSeq(call.firstSeq),
    to: call.outputSeq !== null ? log.positionOfSeq(call.outputSeq) : live ? edge(log) : log.positionOfSeq(call.lastSeq),
    seq: call.firstSeq,
    look: call.status === 'failed' || call.status === 'cancelled' ? 'failed' : call.outputSeq === null ? (live ? 'open' : 'unclosed') : 'plain',
    label: call.name ?? call.callId,
    mark: call.calledSeq === null ? null : log.positionOfSeq(call.calledSeq),
    row: 0,
  }));
}

/** Bars of the user's speech, from `speech_started` to `speech_stopped` as the provider's voice detection reported them. */
export function speechSpans(log: EventLog, live: boolean): LaneSpan[] {
  const started = kindCodes(log, 'input_audio_buffer.speech_started');
  const stopped = kindCodes(log, 'input_audio_buffer.speech_stopped');
  if (started.size === 0) return [];
  const spans: LaneSpan[] = [];
  let open = -1;
  for (let index = 0; index < log.count; index += 1) {
    const kind = log.kind[index] as number;
    if (started.has(kind)) {
      if (open >= 0) spans.push(speech(log, open, index, 'unclosed'));
      open = index;
    } else if (stopped.has(kind) && open >= 0) {
      spans.push(speech(log, open, index, 'plain'));
      open = -1;
    }
  }
  if (open >= 0) spans.push(speech(log, open, log.count - 1, live ? 'open' : 'unclosed'));
  return spans;
}

function speech(log: EventLog, from: number, to: number, look: SpanLook): LaneSpan {
  return {
    from: log.position[from] as number,
    to: log.position[to] as number,
    seq: log.seq[from] as number,
    look,
    label: '',
    mark: null,
    row: 0,
  };
}

/** Speech that cancelled a response, and responses that followed a tool's output. */
export function laneLinks(log: EventLog, speeches: readonly LaneSpan[], responses: readonly ResponseView[], calls: readonly ToolCallView[]): LaneLink[] {
  const byId = new Map(responses.map((response) => [response.id, response]));
  const interruptions = responses
    .filter((response) => response.status === 'cancelled' && response.reason === 'turn_detected' && response.doneSeq !== null)
    .flatMap((response): LaneLink[] => {
      const to = log.positionOfSeq(response.doneSeq ?? 0);
      const cause = speeches.findLast((span) => span.seq <= (response.doneSeq ?? 0) && span.seq >= response.firstSeq);
      return cause === undefined ? [] : [{ kind: 'interruption', fromLane: 'speech', from: cause.from, to }];
    });
  const followUps = calls.flatMap((call): LaneLink[] => {
    const next = call.followUpResponseId === null ? undefined : byId.get(call.followUpResponseId);
    if (next === undefined || call.outputSeq === null) return [];
    return [{ kind: 'follow-up', fromLane: 'tools', from: log.positionOfSeq(call.outputSeq), to: log.positionOfSeq(next.firstSeq) }];
  });
  return [...interruptions, ...followUps];
}

function kindCodes(log: EventLog, canonicalType: string): Set<number> {
  return new Set(log.kinds.flatMap((kind, code) => (kind.canonicalType === canonicalType ? [code] : [])));
}
