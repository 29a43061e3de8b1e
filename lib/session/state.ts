import type { WallMicros } from '#lib/base/brand.ts';
import type { JsonObject } from '#lib/base/json.ts';
import type { SentUpdate } from '#lib/protocol/config-answers.ts';
import type { DialectState } from '#lib/protocol/dialect.ts';
import type { Entity, Table } from './table.ts';
import type { ItemView, ResponseView, SessionCounts, SessionView, ToolCallView, TurnView } from './view.ts';

/**
 * The folded state of one session: what `fold.ts` mutates, `views.ts` shows and `serialise.ts` stores.
 * A change of meaning or shape raises `FOLD_VERSION` in `fold.ts`.
 */
export interface SessionState {
  /** Provider and dialect stand in `dialect`, since the stream may correct what the connection said. */
  readonly row: Mutable<Omit<SessionView, 'counts' | 'provider' | 'dialect'>>;
  readonly counts: Mutable<Omit<SessionCounts, 'cancelledByReason'>>;
  readonly cancelledByReason: Map<string, number>;
  dialect: DialectState;
  readonly responses: Table<string, ResponseEntity>;
  readonly items: Table<string, ItemEntity>;
  readonly toolCalls: Table<string, ToolCallEntity>;
  readonly turns: Table<number, TurnEntity>;
  /** Key of the newest open response: where events without a response id belong. */
  currentResponse: string | null;
  readonly turnOfItem: Map<string, number>;
  readonly callOfItem: Map<string, string>;
  /** Calls whose output the client sent and that no response has followed yet. */
  answeredCalls: string[];
  readonly transcripts: Record<Speaker, TranscriptRun | null>;
  readonly config: ConfigState;
  readonly input: InputAudio;
  outputBytesPerMs: number;
  /** Milliseconds of the turns that have both ends, newest last, bounded. */
  readonly voiceToVoice: number[];
  /** Highest cumulative seconds reported by a session that is billed by time. */
  billedSeconds: number;
  watermarkAt: WallMicros | null;
}

/** The same fields, writable: rows are the reducers' own until they are handed out as copies. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface ResponseEntity extends Entity {
  readonly row: Mutable<ResponseView>;
  audioBytes: number;
  bytesPerMs: number;
  /** Items by output index: the way to them where a provider changes the ids from event to event. */
  readonly slots: (string | null)[];
  /** Model that it names itself, which only Responses streams do. */
  model: string | null;
  /** Generated outside the conversation (`conversation: "none"`). */
  outOfBand: boolean;
  /** Ordinal of the turn that it answers. */
  turn: number | null;
}

export interface ItemEntity extends Entity {
  readonly row: Mutable<ItemView>;
  readonly parts: ItemPart[];
  /** Audio that the provider sent for it. */
  audioBytes: number;
  bytesPerMs: number;
  /** Duration of the user's audio in it. */
  inputMs: number;
}

/** One text of an item: a content part's text or transcript, or a reasoning summary. */
export interface ItemPart {
  /** Content index; summaries count from 1,000. */
  readonly index: number;
  /** Wire type of the deltas that feed it: a provider that sends two names for one stream is heard once. */
  source: string;
  text: string;
  final: boolean;
  /** Its transcription was charged. */
  billed: boolean;
}

export interface ToolCallEntity extends Entity {
  readonly row: Mutable<ToolCallView>;
}

export interface TurnEntity extends Entity {
  readonly row: Mutable<TurnView>;
  outOfBand: boolean;
  /** Its speech was seen to begin. */
  began: boolean;
  /** It can be answered: speech stopped or committed; other kinds at once. */
  complete: boolean;
  /** Its audio was taken into the conversation. */
  committed: boolean;
  /** Items that the client sent for it and the server has not confirmed yet. */
  awaiting: number;
  /** Duration of the appended audio of a turn without speech events. */
  inputMs: number | null;
}

export interface ConfigState {
  /** Updates that the provider has not answered yet, oldest first. */
  pending: PendingUpdate[];
  /** All updates that were answered, merged. */
  settled: JsonObject | null;
  applied: number;
  rejected: number;
  /** Name of the newest error that refused one: it may come twice. */
  refusedBy: string | null;
}

export interface PendingUpdate extends SentUpdate {
  readonly seq: number;
}

/** The two voices of a session that has transcripts but no items (Live, translation). */
export type Speaker = 'user' | 'assistant';

/** The stretch of one voice that is being transcribed. */
export interface TranscriptRun {
  readonly itemKey: string;
  /** Where it stands in the stream's own time; null where the stream does not say. */
  endMs: number | null;
}

export interface InputAudio {
  /** Appended since the last commit or clear. */
  bytes: number;
  bytesPerMs: number;
}
