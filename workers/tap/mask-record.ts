import { SECRET_FIELDS, SECRET_PREFIXES } from '#lib/protocol/secrets.ts';
import type { MessageRecord, SpoolRecord } from '#lib/spool/record.ts';
import { findStrings } from './find-strings.ts';
import { hasCredentialPrefix, hasSecretKey } from './secret-hints.ts';

/** What stands in the place of a secret; the rest of the message is kept byte for byte. */
export const MASK = '[masked by deltascope]';

/** A credential wherever it stands: a vendor's prefix at the start of a word, and a tail that no word of a language has. */
const CREDENTIAL = new RegExp(`(?<![A-Za-z0-9_-])(?:${SECRET_PREFIXES.join('|')})[A-Za-z0-9_-]{16,4096}`, 'g');
/** For what is not JSON: the same keys, wherever they stand. */
const LOOSE_FIELD = /("(?:authorization|client_secret|credential|client_sdp|server_sdp)"\s*:\s*")((?:[^"\\]|\\.){0,16384})"/g;

/** Masks the secrets of a record before it is written. Nearly all messages hold none, and are told apart without parsing. */
export function maskRecord(record: SpoolRecord): SpoolRecord {
  if (record.kind === 'message') return maskMessage(record);
  if (record.kind !== 'session_close' || record.end.detail === null) return record;
  return { ...record, end: { ...record.end, detail: record.end.detail.replace(CREDENTIAL, MASK) } };
}

function maskMessage(message: MessageRecord): MessageRecord {
  const bytes = message.payload as Buffer;
  const hasField = hasSecretKey(bytes);
  if (!hasField && !hasCredentialPrefix(bytes)) return message;
  // Latin-1 maps each byte to one character and back, so cutting text cuts exactly these bytes, valid UTF-8 or not.
  const text = bytes.toString('latin1');
  const counted = { masked: 0 };
  const withoutFields = hasField ? maskFields(text, counted) : text;
  const result = withoutFields.replace(CREDENTIAL, () => count(counted));
  if (counted.masked === 0) return message;
  return { ...message, payload: Buffer.from(result, 'latin1'), masked: counted.masked };
}

function maskFields(text: string, counted: { masked: number }): string {
  const found = findStrings(
    text,
    SECRET_FIELDS.map((field) => field.path),
  );
  let result = '';
  let end = 0;
  for (const place of found.places) {
    result += text.slice(end, place.from) + count(counted);
    end = place.to;
  }
  result += text.slice(end);
  return found.isWhole
    ? result
    : result.replace(LOOSE_FIELD, (all, head: string, value: string) => (value === MASK ? all : `${head}${count(counted)}"`));
}

function count(counted: { masked: number }): string {
  counted.masked += 1;
  return MASK;
}
