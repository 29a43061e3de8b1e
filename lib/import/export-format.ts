import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import { formatIsoMicros, parseIsoMicros } from '#lib/base/iso-time.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject, numberAt, objectAt, stringAt } from '#lib/base/json.ts';
import type { Result } from '#lib/base/result.ts';
import type { CaptureEnd, CaptureMeta } from '#lib/protocol/capture.ts';
import { memberSpans } from './json-span.ts';

/**
 * Our own export, both ways, without loss: one JSON object per line.
 *
 *     {"deltascope":1,"session":{"id":"0199…","at":"2026-11-21T02:04:20.000125Z","capture":{…}}}
 *     {"seq":1,"at":"…","dir":"server","event":{"type":"session.created",…}}      the message, letter for letter
 *     {"seq":2,"at":null,"dir":null,"text":"not json"}                             a text frame that is no one-line JSON object
 *     {"seq":3,"at":"…","dir":"client","bytes":"AAEC","frame":"binary"}            anything else, in base64
 *     {"loss":{"from":4,"to":6,"at":"…","bytes":0,"cause":"spool_full"}}           relayed, but not recorded
 *     {"end":{"at":"…","status":"ended","how":"ended","by":"client","code":1000,…},"messages":3}
 *
 * A hole in `seq` stays a hole. A file without an `end` line was cut off. Readers skip members they do not know.
 */
export const EXPORT_VERSION = 1;

/** How a recording went on after it began; `open` where it had not ended when it was exported. */
type ExportStatus = 'open' | 'ended' | 'lost' | 'refused' | 'failed';

/** First line: what is known of the capture. */
export interface ExportHeader {
  readonly kind: 'header';
  readonly sessionId: SessionId;
  readonly at: WallMicros | null;
  readonly capture: CaptureMeta;
}

/** One recorded message. */
export interface ExportMessage {
  readonly kind: 'message';
  readonly seq: number;
  readonly at: WallMicros | null;
  readonly direction: Direction;
  readonly frame: 'text' | 'binary';
  readonly payload: Uint8Array;
  /** Length on the wire; differs from the payload's where a secret was masked or audio dropped. */
  readonly wireBytes: number;
  readonly masked: boolean;
  readonly audioDropped: boolean;
}

/** Messages that were relayed but not recorded. */
export interface ExportLoss {
  readonly kind: 'loss';
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly at: WallMicros | null;
  readonly bytes: number;
  readonly cause: string;
}

/** Last line. */
export interface ExportEnd {
  readonly kind: 'end';
  readonly status: ExportStatus;
  readonly at: WallMicros | null;
  readonly end: CaptureEnd | null;
  /** How many message lines the file holds. */
  readonly messages: number;
}

export type ExportLine = ExportHeader | ExportMessage | ExportLoss | ExportEnd;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes one line, without its line feed. */
export function formatExportLine(line: ExportLine): string {
  switch (line.kind) {
    case 'header':
      return JSON.stringify({
        deltascope: EXPORT_VERSION,
        session: { id: line.sessionId, at: isoOrNull(line.at), capture: line.capture },
      });
    case 'message':
      return formatMessage(line);
    case 'loss':
      return JSON.stringify({
        loss: { from: line.fromSeq, to: line.toSeq, at: isoOrNull(line.at), bytes: line.bytes, cause: line.cause },
      });
    case 'end':
      return JSON.stringify({ end: { at: isoOrNull(line.at), status: line.status, ...line.end }, messages: line.messages });
  }
}

/** Whether a line is the first of an export of ours. */
export function isExportHeader(text: string): boolean {
  return /^\s*\{\s*"deltascope"\s*:/.test(text);
}

/** Reads one line of an export. A line that is none of ours is a value, not an exception. */
export function parseExportLine(text: string): Result<ExportLine> {
  const value = parseObject(text);
  if (value === null) return unreadable('The line is not a JSON object.');
  if ('deltascope' in value) return parseHeader(value);
  if ('seq' in value) return parseMessage(text, value);
  if ('loss' in value) return parseLoss(value);
  if ('end' in value) return parseEnd(value);
  return unreadable('The line is not one of a Deltascope export.');
}

function formatMessage(message: ExportMessage): string {
  const head = `{"seq":${message.seq},"at":${JSON.stringify(isoOrNull(message.at))},"dir":${JSON.stringify(partyOf(message.direction))}`;
  const text = message.frame === 'text' ? decodeUtf8(message.payload) : null;
  const tail = formatTail(message);
  if (text === null) {
    return `${head},"bytes":"${Buffer.from(message.payload).toString('base64')}","frame":"${message.frame}"${tail}}`;
  }
  if (isOneLineObject(text)) return `${head},"event":${text}${tail}}`;
  return `${head},"text":${JSON.stringify(text)}${tail}}`;
}

/** What is worth saying only where it is not the rule. */
function formatTail(message: ExportMessage): string {
  const wire = message.wireBytes === message.payload.byteLength ? '' : `,"wireBytes":${message.wireBytes}`;
  return `${wire}${message.masked ? ',"masked":true' : ''}${message.audioDropped ? ',"audioDropped":true' : ''}`;
}

/** Whether a text can stand as the value of a member on one line and be cut out again letter for letter. */
function isOneLineObject(text: string): boolean {
  return text.startsWith('{') && text.endsWith('}') && !/[\r\n]/.test(text) && parseObject(text) !== null;
}

function parseHeader(value: JsonObject): Result<ExportHeader> {
  if (value['deltascope'] !== EXPORT_VERSION) {
    return unreadable(`The export has format ${JSON.stringify(value['deltascope'])}; this version reads ${EXPORT_VERSION}.`);
  }
  const session = objectAt(value, 'session');
  const sessionId = stringAt(session, 'id');
  const capture = objectAt(session, 'capture');
  if (sessionId === undefined || capture === undefined) return unreadable('The export’s first line lacks its session.');
  const header = { kind: 'header', sessionId: sessionId as SessionId, at: timeAt(session, 'at') } as const;
  return { ok: true, value: { ...header, capture: capture as unknown as CaptureMeta } };
}

function parseMessage(text: string, value: JsonObject): Result<ExportMessage> {
  const seq = numberAt(value, 'seq');
  const payload = payloadOf(text, value);
  if (seq === undefined || !Number.isInteger(seq) || seq < 1 || payload === null) {
    return unreadable('The line has no whole `seq` above 0, or none of `event`, `text` and `bytes`.');
  }
  const message: ExportMessage = {
    kind: 'message',
    seq,
    at: timeAt(value, 'at'),
    direction: directionOf(value['dir']),
    frame: value['frame'] === 'binary' ? 'binary' : 'text',
    payload,
    wireBytes: numberAt(value, 'wireBytes') ?? payload.byteLength,
    masked: value['masked'] === true,
    audioDropped: value['audioDropped'] === true,
  };
  return { ok: true, value: message };
}

function payloadOf(text: string, value: JsonObject): Uint8Array | null {
  const span = 'event' in value ? memberSpans(text).get('event') : undefined;
  if (span !== undefined) return Buffer.from(text.slice(span.start, span.end));
  const plain = stringAt(value, 'text');
  if (plain !== undefined) return Buffer.from(plain);
  const base64 = stringAt(value, 'bytes');
  return base64 === undefined ? null : Buffer.from(base64, 'base64');
}

function parseLoss(value: JsonObject): Result<ExportLoss> {
  const loss = objectAt(value, 'loss');
  const fromSeq = numberAt(loss, 'from');
  const toSeq = numberAt(loss, 'to');
  if (fromSeq === undefined || toSeq === undefined) return unreadable('The loss names no range of `seq`.');
  const cause = stringAt(loss, 'cause') ?? 'unknown';
  return {
    ok: true,
    value: { kind: 'loss', fromSeq, toSeq, at: timeAt(loss, 'at'), bytes: numberAt(loss, 'bytes') ?? 0, cause },
  };
}

function parseEnd(value: JsonObject): Result<ExportEnd> {
  const given = objectAt(value, 'end');
  const status = stringAt(given, 'status') as ExportStatus | undefined;
  if (given === undefined || status === undefined) return unreadable('The end does not say how the session stands.');
  const end: CaptureEnd | null =
    stringAt(given, 'how') === undefined
      ? null
      : {
          how: stringAt(given, 'how') as CaptureEnd['how'],
          by: (stringAt(given, 'by') as CaptureEnd['by'] | undefined) ?? null,
          code: numberAt(given, 'code') ?? null,
          reason: stringAt(given, 'reason') ?? null,
          httpStatus: numberAt(given, 'httpStatus') ?? null,
          detail: stringAt(given, 'detail') ?? null,
        };
  return { ok: true, value: { kind: 'end', status, at: timeAt(given, 'at'), end, messages: numberAt(value, 'messages') ?? 0 } };
}

function isoOrNull(at: WallMicros | null): string | null {
  return at === null ? null : formatIsoMicros(at);
}

function timeAt(value: unknown, key: string): WallMicros | null {
  const text = stringAt(value, key);
  return text === undefined ? null : parseIsoMicros(text);
}

function partyOf(direction: Direction): 'client' | 'server' | null {
  if (direction === 'client_to_server') return 'client';
  return direction === 'server_to_client' ? 'server' : null;
}

function directionOf(party: unknown): Direction {
  if (party === 'client') return 'client_to_server';
  return party === 'server' ? 'server_to_client' : 'unknown';
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

function unreadable(detail: string): { readonly ok: false; readonly code: 'DS_IMPORT_LINE_UNREADABLE'; readonly detail: string } {
  return { ok: false, code: 'DS_IMPORT_LINE_UNREADABLE', detail };
}
