import type { SessionId } from '#lib/base/brand.ts';
import type { EventRow } from '#lib/session/view.ts';
import { cleanInt, cleanMicrosOrNull } from './sanitise.ts';
import type { PreparedStatement } from './table-write.ts';
import { insertRows, prepareRows } from './table-write.ts';

/** One event as it is written: its row, and its message in the parts that the store keeps. */
export interface EventWrite {
  readonly sessionId: SessionId;
  readonly row: EventRow;
  /** SHA-256 of the whole message. */
  readonly sha256: Uint8Array;
  /** UTF-8 bytes without NUL, less the base64 of `audio`; null where the message is kept in `rawBytes`. */
  readonly raw: Uint8Array | null;
  readonly rawBytes: Uint8Array | null;
  readonly audioOffset: number | null;
  readonly audio: Uint8Array | null;
}

const INSERT_EVENTS = insertRows<EventWrite>('event', [
  { name: 'session_id', type: 'uuid', read: (event) => event.sessionId },
  { name: 'seq', type: 'int4', read: (event) => cleanInt(event.row.seq) },
  { name: 'at', type: 'timestamptz', read: (event) => cleanMicrosOrNull(event.row.at) },
  { name: 'direction', type: 'text', read: (event) => event.row.direction, cast: '"Direction"' },
  { name: 'format', type: 'text', read: (event) => event.row.format, cast: '"PayloadFormat"' },
  { name: 'type', type: 'text', read: (event) => event.row.type },
  { name: 'canonical_type', type: 'text', read: (event) => event.row.canonicalType },
  { name: 'event_id', type: 'text', read: (event) => event.row.eventId },
  { name: 'response_id', type: 'text', read: (event) => event.row.responseId },
  { name: 'item_id', type: 'text', read: (event) => event.row.itemId },
  { name: 'call_id', type: 'text', read: (event) => event.row.callId },
  { name: 'byte_length', type: 'int4', read: (event) => cleanInt(event.row.byteLength) },
  { name: 'audio_bytes', type: 'int4', read: (event) => cleanInt(event.row.audioBytes) },
  { name: 'sha256', type: 'bytea', read: (event) => event.sha256 },
  { name: 'problem', type: 'text', read: (event) => event.row.problem },
  { name: 'flags', type: 'text', read: (event) => flagsLiteral(event.row.flags), cast: 'text[]' },
  { name: 'note', type: 'text', read: (event) => event.row.note },
  { name: 'raw', type: 'text', read: (event) => event.raw },
  { name: 'raw_bytes', type: 'bytea', read: (event) => event.rawBytes },
  { name: 'audio_offset', type: 'int4', read: (event) => event.audioOffset },
]);

const INSERT_AUDIO = insertRows<EventWrite>('event_audio', [
  { name: 'session_id', type: 'uuid', read: (event) => event.sessionId },
  { name: 'seq', type: 'int4', read: (event) => cleanInt(event.row.seq) },
  { name: 'bytes', type: 'bytea', read: (event) => event.audio },
]);

/** The statements that store these events and their audio. The texts of their rows were bounded and made storable when they were read. */
export function prepareEvents(events: readonly EventWrite[]): readonly PreparedStatement[] {
  return [
    ...prepareRows(INSERT_EVENTS, events),
    ...prepareRows(
      INSERT_AUDIO,
      events.filter((event) => event.audio !== null),
    ),
  ];
}

/** Flags are words of ours: nothing to escape. */
function flagsLiteral(flags: EventRow['flags']): string {
  return flags.length === 0 ? '{}' : `{${flags.join(',')}}`;
}
