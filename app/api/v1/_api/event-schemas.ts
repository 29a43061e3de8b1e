import { z } from 'zod';
import type { EventColumns } from '#lib/session/event-columns.ts';
import type { EventRow } from '#lib/session/view.ts';
import type { IsoTimes } from './iso-times.ts';
import { named } from './named-schemas.ts';
import { count, seq, text, time } from './schema-words.ts';

/** Messages of a session as the API sends them, row by row and column by column. */

const direction = z.enum(['client_to_server', 'server_to_client', 'unknown']);
const format = z.enum(['json', 'text', 'binary']);
const flags = z.array(z.enum(['masked', 'audio_dropped', 'unknown_type', 'sanitised', 'invalid_utf8', 'quarantined']));

export const EVENT = named(
  'Event',
  z.strictObject({
    seq,
    at: time,
    direction,
    type: text.describe('As it stood on the wire; empty for a message that could not be read.'),
    canonicalType: text.describe('The GA name of the type.'),
    eventId: text.nullable(),
    responseId: text.nullable(),
    itemId: text.nullable(),
    callId: text.nullable(),
    byteLength: count.describe('Length on the wire.'),
    audioBytes: count.describe('Decoded audio bytes inside.'),
    format,
    problem: text.nullable().describe('Why it could not be read as an event (an error code), else null.'),
    flags,
    note: text.nullable(),
  }) satisfies z.ZodType<IsoTimes<EventRow>>,
);

const numbers = z.array(count);
export const COLUMNS = named(
  'EventColumns',
  z.strictObject({
    sessionId: z.uuid(),
    count,
    lastSeq: seq,
    firstAt: count.nullable().describe('Microseconds since 1970 from which `at` counts.'),
    seqRuns: numbers.describe('Runs of consecutive `seq`s as pairs: first, length.'),
    at: z.array(count.nullable()).describe('Microseconds since `firstAt`.'),
    kinds: z.array(z.strictObject({ type: text, canonicalType: text, format, problem: text.nullable(), flags })),
    kind: numbers.describe('Index into `kinds`.'),
    direction: numbers.describe('0 unknown, 1 client to server, 2 server to client.'),
    byteLength: numbers,
    audioBytes: numbers,
    ids: z.array(text).describe('Dictionary of the three columns after it; index 0 stands for none.'),
    responseId: numbers,
    itemId: numbers,
    callId: numbers,
  }) satisfies z.ZodType<Record<keyof EventColumns, unknown>>,
);
