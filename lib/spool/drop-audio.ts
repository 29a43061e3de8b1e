import type { MessageRecord } from './record.ts';

/**
 * The audio of a message is a long run of base64 under one of these keys (all dialects of the protocol; a transcript has spaces).
 * Shorter runs stay: leaving them out would free nothing.
 */
const AUDIO = /("(?:delta|audio|data|payload)"\s*:\s*")((?:[A-Za-z0-9+/=_-]|\\\/){256,})"/g;

/** The same message with its audio emptied and marked, or itself where it holds none. */
export function dropAudio(message: MessageRecord): MessageRecord {
  if (message.format !== 'text' || message.payload.byteLength < 256) return message;
  const text = Buffer.from(message.payload.buffer, message.payload.byteOffset, message.payload.byteLength).toString('latin1');
  const without = text.replaceAll(AUDIO, '$1"');
  if (without.length === text.length) return message;
  return { ...message, payload: Buffer.from(without, 'latin1'), audioDropped: true };
}
