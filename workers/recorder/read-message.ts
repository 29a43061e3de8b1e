import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { audioFieldOf, base64Bytes } from '#lib/protocol/audio.ts';
import type { Decoded } from '#lib/protocol/decode.ts';
import { decode } from '#lib/protocol/decode.ts';
import type { Dialect } from '#lib/protocol/dialect.ts';
import { toEventRow } from '#lib/session/event-row.ts';
import type { FoldEvent } from '#lib/session/fold.ts';
import type { EventFlag, EventRow } from '#lib/session/view.ts';
import type { MessageRecord } from '#lib/spool/record.ts';
import { cutAudio } from '#lib/store/raw-audio.ts';
import type { EventWrite } from '#lib/store/write-events.ts';

/** A message as the reducers take it, and as the store keeps it. */
export interface ReadMessage {
  readonly fold: FoldEvent;
  readonly write: EventWrite;
}

/** Reads one recorded message. It never throws: what is no event is kept as text or bytes. */
export function readMessage(record: MessageRecord, dialect: Dialect): ReadMessage {
  const payload = asBuffer(record.payload);
  const isText = record.format === 'text';
  const isValid = isText && isUtf8(payload);
  const text = isText ? payload.toString('utf8') : '';
  const decoded = isText ? decode(text, dialect) : binaryMessage(payload);
  const base64 = audioFieldOf(decoded)?.base64 ?? null;
  const isStorableText = isValid && !payload.includes(0);
  const cut = isStorableText && base64 !== null ? cutAudio(payload, text, base64) : null;
  const fold: FoldEvent = {
    seq: record.seq,
    at: record.at,
    direction: record.direction,
    byteLength: record.wireBytes,
    audioBytes: cut?.audio.length ?? (base64 === null ? 0 : base64Bytes(base64)),
    decoded,
  };
  const write: EventWrite = {
    sessionId: record.sessionId,
    row: toEventRow({ ...fold, format: formatOf(isText, decoded), flags: flagsOf(record, isText && !isValid) }),
    sha256: hash('sha256', payload, 'buffer'),
    raw: isStorableText ? (cut?.rest ?? payload) : null,
    rawBytes: isStorableText ? null : payload,
    audioOffset: cut?.offset ?? null,
    audio: cut?.audio ?? null,
  };
  return { fold, write };
}

/** The decoded form of a message that is stored already: `readMessage` without what storing needs. */
export function decodeStored(payload: Uint8Array, format: EventRow['format'], dialect: Dialect): Decoded {
  const bytes = asBuffer(payload);
  return format === 'binary' ? binaryMessage(bytes) : decode(bytes.toString('utf8'), dialect);
}

function binaryMessage(payload: Buffer): Decoded {
  return { ok: false, code: 'DS_PROTOCOL_BINARY', detail: `A binary frame of ${payload.length} bytes.` };
}

function formatOf(isText: boolean, decoded: Decoded): EventRow['format'] {
  if (!isText) return 'binary';
  return decoded.ok || decoded.code === 'DS_PROTOCOL_NOT_OBJECT' || decoded.code === 'DS_PROTOCOL_NO_TYPE' ? 'json' : 'text';
}

const NO_FLAGS: readonly EventFlag[] = [];

function flagsOf(record: MessageRecord, invalidUtf8: boolean): readonly EventFlag[] {
  if (record.masked === 0 && !record.audioDropped && !invalidUtf8) return NO_FLAGS;
  const flags: EventFlag[] = [];
  if (record.masked > 0) flags.push('masked');
  if (record.audioDropped) flags.push('audio_dropped');
  if (invalidUtf8) flags.push('invalid_utf8');
  return flags;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
