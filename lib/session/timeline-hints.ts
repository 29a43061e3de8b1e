import { isFailureType } from './failure-type.ts';
import type { EventRow } from './view.ts';

/** What the events tell that the session's rows do not: how each is drawn, which was the first of its response, what an error is about. */

/** How a tick is drawn. */
export const TICK_KINDS = ['other', 'text', 'audio', 'lifecycle', 'error', 'unreadable'] as const;
export type TickKind = (typeof TICK_KINDS)[number];

/** Moments by `seq`: bounded by the number of responses, items and errors. */
export interface TimelineHints {
  readonly firstAudioSeq: Map<string, number>;
  readonly firstOutputSeq: Map<string, number>;
  readonly speechStartSeq: Map<string, number>;
  readonly speechStopSeq: Map<string, number>;
  /** `seq` that says that an item is done: its row tells when, not by which message, and a source without times not even that. */
  readonly itemDoneSeq: Map<string, number>;
  readonly errors: { readonly seq: number; readonly causeSeq: number | null }[];
  /** `seq` of the newest client event of each type, for errors that name none. */
  readonly lastClient: Map<string, number>;
}

/** Nothing seen yet. */
export function openHints(): TimelineHints {
  return {
    firstAudioSeq: new Map(),
    firstOutputSeq: new Map(),
    speechStartSeq: new Map(),
    speechStopSeq: new Map(),
    itemDoneSeq: new Map(),
    errors: [],
    lastClient: new Map(),
  };
}

/** How an event is drawn. */
export function kindOfTick(row: EventRow): TickKind {
  if (row.problem !== null) return 'unreadable';
  const kind = traitsOf(row.canonicalType).kind;
  return row.audioBytes > 0 && kind !== 'error' ? 'audio' : kind;
}

/** Keeps what later spans and links need of an event. */
export function noteHints(hints: TimelineHints, row: EventRow, kind: TickKind): void {
  const type = row.canonicalType;
  if (row.direction === 'client_to_server') hints.lastClient.set(type, row.seq);
  const { output } = traitsOf(type);
  if (output !== null && row.responseId !== null) noteOutput(hints, row.responseId, row.seq, output);
  if (row.itemId !== null && type === 'input_audio_buffer.speech_started') noteFirst(hints.speechStartSeq, row.itemId, row.seq);
  if (row.itemId !== null && type === 'input_audio_buffer.speech_stopped') hints.speechStopSeq.set(row.itemId, row.seq);
  if (row.itemId !== null && ITEM_DONE.has(type)) noteFirst(hints.itemDoneSeq, row.itemId, row.seq);
  if (kind === 'error') hints.errors.push({ seq: row.seq, causeSeq: causeOf(hints, row) });
}

/** What follows from a type alone; looked up, since a session has 100,000 events of a few dozen types. */
interface Traits {
  readonly kind: TickKind;
  readonly output: 'audio' | 'other' | null;
}

const TRAITS = new Map<string, Traits>();
const MAX_TRAITS = 1000;

function traitsOf(type: string): Traits {
  const known = TRAITS.get(type);
  if (known !== undefined) return known;
  if (TRAITS.size >= MAX_TRAITS) TRAITS.clear();
  const traits = { kind: kindOfType(type), output: outputOfType(type) };
  TRAITS.set(type, traits);
  return traits;
}

function kindOfType(type: string): TickKind {
  if (isFailureType(type)) return 'error';
  if (type.endsWith('audio.delta') || type.endsWith('.append')) return 'audio';
  if (type.endsWith('.delta')) return 'text';
  return LIFECYCLE.has(type) ? 'lifecycle' : 'other';
}

function outputOfType(type: string): Traits['output'] {
  if (type === 'output_audio_buffer.started' || type.endsWith('audio.delta')) return 'audio';
  return type.endsWith('.delta') ? 'other' : null;
}

const ITEM_DONE: ReadonlySet<string> = new Set(['response.output_item.done', 'conversation.item.done']);

const LIFECYCLE: ReadonlySet<string> = new Set([
  'session.created',
  'session.updated',
  'session.update',
  'session.started',
  'session.closed',
  'response.created',
  'response.done',
  'response.completed',
  'response.incomplete',
  'response.create',
  'response.cancel',
  'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped',
  'input_audio_buffer.committed',
]);

function noteOutput(hints: TimelineHints, responseId: string, seq: number, output: 'audio' | 'other'): void {
  noteFirst(hints.firstOutputSeq, responseId, seq);
  if (output === 'audio') noteFirst(hints.firstAudioSeq, responseId, seq);
}

function noteFirst(seqs: Map<string, number>, key: string, seq: number): void {
  if (!seqs.has(key)) seqs.set(key, seq);
}

/** Which client event an error is about, judged by the words of its note: the row does not carry `error.event_id`. */
const CAUSES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/active_response|active response/i, ['response.create']],
  [/response_cancel|cancellation/i, ['response.cancel']],
  [/commit/i, ['input_audio_buffer.commit']],
  [/truncat|audio_end_ms|already shorter/i, ['conversation.item.truncate']],
  [/item_retrieve/i, ['conversation.item.retrieve']],
  [/item_delete/i, ['conversation.item.delete']],
  [/session|modalities|voice|beta_api/i, ['session.update', 'session.start', 'transcription_session.update']],
  [/item/i, ['conversation.item.create']],
];

function causeOf(hints: TimelineHints, row: EventRow): number | null {
  if (row.canonicalType !== 'error' || row.note === null) return null;
  for (const [words, types] of CAUSES) {
    if (!words.test(row.note)) continue;
    const newest = Math.max(...types.map((type) => hints.lastClient.get(type) ?? 0));
    if (newest > 0) return newest;
  }
  return null;
}
