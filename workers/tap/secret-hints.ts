import { SECRET_HINTS, SECRET_PREFIXES } from '#lib/protocol/secrets.ts';

/**
 * Tells in microseconds that a message holds no secret. Most bytes of a session are base64 audio, which has no quote, dash or
 * underscore: hopping from one such byte to the next passes over it at the speed of memory.
 */
const QUOTE = 0x22;
/** Keys by their first byte: `"authorization` can only stand where a quote is followed by an `a`. */
const HINTS = byByte(SECRET_HINTS, (hint) => hint.charCodeAt(0));
/** Prefixes by their last byte, the dash or underscore that base64 lacks. */
const PREFIXES = byByte(SECRET_PREFIXES, (prefix) => prefix.charCodeAt(prefix.length - 1));

/** Whether a key under which secrets stand begins somewhere in the message. */
export function hasSecretKey(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    const hints = HINTS.get(bytes[at + 1] as number);
    if (hints?.some((hint) => startsAt(bytes, at + 1, hint))) return true;
  }
  return false;
}

/** Whether a vendor's prefix of credentials stands somewhere in the message. */
export function hasCredentialPrefix(bytes: Buffer): boolean {
  for (const [last, prefixes] of PREFIXES) {
    for (let at = bytes.indexOf(last); at !== -1; at = bytes.indexOf(last, at + 1)) {
      if (prefixes.some((prefix) => startsAt(bytes, at + 1 - prefix.length, prefix))) return true;
    }
  }
  return false;
}

function startsAt(bytes: Buffer, start: number, needle: Buffer): boolean {
  if (start < 0 || start + needle.length > bytes.length) return false;
  for (let index = 0; index < needle.length; index += 1) if (bytes[start + index] !== needle[index]) return false;
  return true;
}

function byByte(texts: readonly string[], byteOf: (text: string) => number): Map<number, Buffer[]> {
  const groups = new Map<number, Buffer[]>();
  for (const text of texts) groups.set(byteOf(text), [...(groups.get(byteOf(text)) ?? []), Buffer.from(text)]);
  return groups;
}
