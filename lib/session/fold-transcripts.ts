import { numberAt, stringAt } from '#lib/base/json.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { FoldEvent, Handlers } from './fold-event.ts';
import { appendPart, finishItem, itemOf } from './item-table.ts';
import type { SessionState, Speaker } from './state.ts';

/**
 * Transcripts of sessions without items (Live, translation, vLLM): each voice is cut into stretches where it pauses, and a stretch is shown
 * as an item of ours, `transcript:<speaker>:<n>`. Its start and end are the stream's own milliseconds.
 */

/** A pause this long begins a new stretch. */
const PAUSE_MS = 1500;
/** Without times of the stream, a stretch ends behind this much text. */
const MAX_STRETCH = 2000;

/** Transcript handlers of server events. */
export const transcriptServerHandlers: Handlers = {
  'session.input_transcript.delta': (state, event, decoded) => hear(state, event, decoded, 'user'),
  'session.output_transcript.delta': (state, event, decoded) => hear(state, event, decoded, 'assistant'),
  'transcription.delta': (state, event, decoded) => hear(state, event, decoded, 'user'),
  'transcription.done': (state, event) => endStretch(state, event, 'user'),
  'session.closed': (state, event) => {
    endStretch(state, event, 'user');
    endStretch(state, event, 'assistant');
  },
};

function hear(state: SessionState, event: FoldEvent, decoded: DecodedEvent, speaker: Speaker): void {
  const delta = stringAt(decoded.body, 'delta');
  if (delta === undefined) return;
  const startMs = numberAt(decoded.body, 'start_ms') ?? numberAt(decoded.body, 'elapsed_ms') ?? null;
  if (pauses(state, speaker, startMs)) endStretch(state, event, speaker);
  const itemKey = state.transcripts[speaker]?.itemKey ?? `transcript:${speaker}:${state.items.count + 1}`;
  state.transcripts[speaker] = { itemKey, endMs: numberAt(decoded.body, 'end_ms') ?? startMs };
  const item = itemOf(state, event, itemKey, 'message');
  if (item === undefined) return;
  item.row.role = speaker;
  item.row.status ??= 'in_progress';
  appendPart(state, item, 0, decoded.type, delta);
}

function pauses(state: SessionState, speaker: Speaker, startMs: number | null): boolean {
  const run = state.transcripts[speaker];
  if (run === null) return false;
  if (run.endMs !== null && startMs !== null) return startMs - run.endMs > PAUSE_MS;
  return (state.items.live.get(run.itemKey)?.units ?? 0) > MAX_STRETCH;
}

function endStretch(state: SessionState, event: FoldEvent, speaker: Speaker): void {
  const run = state.transcripts[speaker];
  state.transcripts[speaker] = null;
  const item = run === null ? undefined : itemOf(state, event, run.itemKey, 'message');
  if (item === undefined) return;
  item.row.status = 'completed';
  for (const part of item.parts) part.final = true;
  finishItem(item, event);
}
