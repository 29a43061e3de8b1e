import type { Path } from './path.ts';

/**
 * What the catalogue can say of an event type. The lists here are closed: `catalogue.ts` refuses a file that uses another
 * word, and `generated/catalogue.schema.json` (for editors) is made of the same lists.
 */

/** Event types are unique within a group; several dialects may share one. */
export const GROUPS = ['realtime', 'translation', 'live', 'responses', 'vllm', 'twilio', 'gemini-live', 'nova-sonic'] as const;
export type Group = (typeof GROUPS)[number];

/** Who sends an event of this type. */
export const ENTRY_DIRECTIONS = ['client_to_server', 'server_to_client', 'both'] as const;
export type EntryDirection = (typeof ENTRY_DIRECTIONS)[number];

/** When a type appeared or went: `beta` is OpenAI's first shape (until 2026-05-12), `ga` its successor, `extra` a vendor's own. */
export const ERAS = ['beta', 'ga', 'extra'] as const;
export type Era = (typeof ERAS)[number];

/** What an event can begin or end. */
export const THINGS = [
  'session',
  'turn',
  'speech',
  'response',
  'item',
  'part',
  'transcription',
  'tool_call',
  'tool_list',
  'playback',
  'reasoning',
  'delegation',
] as const;
export type Thing = (typeof THINGS)[number];

/** Where an event is drawn. */
export const LANES = [
  'session',
  'input',
  'conversation',
  'response',
  'text',
  'audio',
  'transcript',
  'tools',
  'playback',
  'limits',
  'error',
] as const;
export type Lane = (typeof LANES)[number];

/** How a field's value is shown. `bytes` takes base64 text and shows the size of what it holds; `count` takes an array. */
export const FORMATS = [
  'word',
  'text',
  'code',
  'id',
  'number',
  'tokens',
  'ms',
  'seconds',
  'unix',
  'bytes',
  'count',
  'list',
  'flag',
  'json',
] as const;
export type Format = (typeof FORMATS)[number];

/** One field worth showing of an event. */
export interface EntryField {
  readonly path: string;
  readonly label: string;
  readonly format: Format;
}

/** Correlation: where an event names what it belongs to; alternatives in order of preference. */
export interface EntryKeys {
  readonly event: readonly Path[];
  readonly response: readonly Path[];
  readonly item: readonly Path[];
  readonly call: readonly Path[];
  readonly outputIndex: readonly Path[];
  readonly contentIndex: readonly Path[];
}

/** One event type of one group. */
export interface CatalogueEntry {
  readonly group: Group;
  /** As it stands on the wire. */
  readonly type: string;
  /** The current name of the same event; equal to `type` where it has no other. */
  readonly canonicalType: string;
  readonly direction: EntryDirection;
  readonly since: Era;
  /** Null while it is still sent by the vendor that made it. */
  readonly until: Era | null;
  /** Older names of the same event, which decode to this one. */
  readonly renamedFrom: readonly string[];
  readonly summary: string;
  readonly keys: EntryKeys;
  readonly opens: readonly Thing[];
  readonly closes: readonly Thing[];
  /** Where the vendor accounts for tokens or seconds. */
  readonly usage: readonly Path[];
  /** Where the event carries base64 audio. */
  readonly bytes: readonly Path[];
  /** Template of the one-line note, see `note.ts`; empty where the type says it all. */
  readonly label: string;
  readonly fields: readonly EntryField[];
  readonly lane: Lane;
  /** Where this is known from. */
  readonly source: string;
}
