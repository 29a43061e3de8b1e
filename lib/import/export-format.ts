import { z } from 'zod';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import { fromIsoTime, toIsoTime } from '#lib/base/wall-time.ts';
import type { CaptureEnd, CaptureMeta } from '#lib/protocol/capture.ts';
import { CAPTURE_SCHEMA } from './capture-schema.ts';
import { memberSpans } from './json-span.ts';

/**
 * Our own export: NDJSON that people can read and other tools can use, and that comes back without loss.
 *
 *   {"deltascope":1,"session":{"id":"…","startedAt":"…","capture":{…}}}
 *   {"seq":1,"at":"2026-11-21T09:30:00.123456Z","dir":"server","event":{ the message, letter for letter }}
 *   {"seq":2,"at":null,"dir":"client","text":"not a JSON object, or one printed over several lines"}
 *   {"seq":3,"at":null,"dir":"client","bytes":"base64","frame":"binary"}
 *   {"end":{"at":"…","how":"ended","by":"client","code":1000,…}}
 *
 * `event` lines are also `{t, dir, event}` frames, so that nothing but the exact `seq` is lost on tools that know only those.
 */

const VERSION = 1;

/** The session that the lines after it belong to. */
export interface ExportedSession {
  readonly id: SessionId;
  readonly startedAt: WallMicros | null;
  readonly capture: CaptureMeta;
}

export interface ExportedMessage {
  readonly seq: number;
  readonly at: WallMicros | null;
  readonly direction: Direction;
  /** The frame's opcode. */
  readonly format: 'text' | 'binary';
  readonly payload: Uint8Array;
  /** Whether the payload is known to be the text of one JSON object. */
  readonly isJsonObject: boolean;
  readonly wireBytes: number;
  readonly masked: boolean;
  readonly audioDropped: boolean;
}

/** How the capture ended; `end` null where it was lost or was still open. */
export interface ExportedEnd {
  readonly at: WallMicros | null;
  readonly end: CaptureEnd | null;
}

export type ExportLine =
  | { readonly kind: 'session'; readonly session: ExportedSession }
  | { readonly kind: 'message'; readonly message: Omit<ExportedMessage, 'isJsonObject'> }
  | { readonly kind: 'end'; readonly end: ExportedEnd };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const DIR_OF: Readonly<Record<Direction, string>> = {
  client_to_server: '"client"',
  server_to_client: '"server"',
  unknown: 'null',
};

/** First line of a session. */
export function formatExportedSession(session: ExportedSession): string {
  return JSON.stringify({ deltascope: VERSION, session: { ...session, startedAt: isoOrNull(session.startedAt) } });
}

/** One message; its text stands in the line exactly as it was recorded. */
export function formatExportedMessage(message: ExportedMessage): string {
  const parts = [`"seq":${message.seq}`, `"at":${JSON.stringify(isoOrNull(message.at))}`, `"dir":${DIR_OF[message.direction]}`];
  if (message.wireBytes !== message.payload.length) parts.push(`"wireBytes":${message.wireBytes}`);
  if (message.masked) parts.push('"masked":true');
  if (message.audioDropped) parts.push('"audioDropped":true');
  parts.push(formatPayload(message));
  return `{${parts.join(',')}}`;
}

/** Last line of a session. */
export function formatExportedEnd({ at, end }: ExportedEnd): string {
  return JSON.stringify({ end: end === null ? null : { at: isoOrNull(at), ...end } });
}

function formatPayload({ payload, format, isJsonObject }: ExportedMessage): string {
  const text = format === 'text' ? decodeUtf8(payload) : null;
  if (text === null) return `"bytes":"${Buffer.from(payload).toString('base64')}","frame":"${format}"`;
  return isJsonObject && !/[\r\n]/.test(text) && text === text.trim() ? `"event":${text}` : `"text":${JSON.stringify(text)}`;
}

const HOW = ['ended', 'refused', 'failed', 'imported'] as const;
const time: z.ZodType<WallMicros | null> = z.string().transform(fromIsoTime).nullable();
const SESSION = z.object({
  deltascope: z.literal(VERSION),
  session: z.object({ id: z.string().transform((id) => id as SessionId), startedAt: time, capture: CAPTURE_SCHEMA }),
});
const MESSAGE = z.object({
  seq: z.int().positive(),
  at: time,
  dir: z.enum(['client', 'server']).nullable(),
  wireBytes: z.int().nonnegative().optional(),
  masked: z.boolean().default(false),
  audioDropped: z.boolean().default(false),
  text: z.string().optional(),
  bytes: z.base64().optional(),
  frame: z.enum(['text', 'binary']).default('text'),
  event: z.unknown().optional(),
});
const END = z.object({
  end: z
    .object({
      at: time,
      how: z.enum(HOW),
      by: z.enum(['client', 'server', 'tap']).nullable(),
      code: z.number().nullable(),
      reason: z.string().nullable(),
      httpStatus: z.number().nullable(),
      detail: z.string().nullable(),
    })
    .nullable(),
});

/** Whether a line begins a session of our own export. */
export function isExportHeader(text: string): boolean {
  return text.startsWith('{"deltascope":') && SESSION.safeParse(parse(text)).success;
}

/** Reads a line of our own export; null for a line that is none, which the caller treats as foreign. */
export function parseExportLine(text: string): ExportLine | null {
  const value = parse(text);
  const message = MESSAGE.safeParse(value);
  if (message.success) return readMessage(text, message.data);
  const session = SESSION.safeParse(value);
  if (session.success) return { kind: 'session', session: session.data.session };
  const end = END.safeParse(value);
  return end.success ? readEnd(end.data.end) : null;
}

function readMessage(text: string, line: z.infer<typeof MESSAGE>): ExportLine | null {
  const payload = payloadOf(text, line);
  if (payload === null) return null;
  const direction = line.dir === null ? 'unknown' : line.dir === 'client' ? 'client_to_server' : 'server_to_client';
  const { seq, at, masked, audioDropped } = line;
  const format = line.bytes === undefined ? 'text' : line.frame;
  return {
    kind: 'message',
    message: { seq, at, direction, format, payload, wireBytes: line.wireBytes ?? payload.length, masked, audioDropped },
  };
}

function payloadOf(text: string, line: z.infer<typeof MESSAGE>): Uint8Array | null {
  if (line.bytes !== undefined) return Buffer.from(line.bytes, 'base64');
  if (line.text !== undefined) return Buffer.from(line.text);
  const span = memberSpans(text).get('event');
  return span === undefined ? null : Buffer.from(text.slice(span.start, span.end));
}

function readEnd(line: z.infer<typeof END>['end']): ExportLine {
  if (line === null) return { kind: 'end', end: { at: null, end: null } };
  const { at, ...end } = line;
  return { kind: 'end', end: { at, end } };
}

function isoOrNull(at: WallMicros | null): string | null {
  return at === null ? null : toIsoTime(at);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
