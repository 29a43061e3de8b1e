import type { Json } from '#lib/base/json.ts';
import { isJsonObject, numberAt, stringAt } from '#lib/base/json.ts';
import { decodeAlaw, decodeMulaw } from './g711.ts';

/** How audio bytes are to be read. */
export interface AudioFormat {
  readonly encoding: 'pcm16' | 'mulaw' | 'alaw';
  /** Samples a second. */
  readonly rate: number;
}

/** What providers send unless they were told otherwise. */
export const PCM_24K: AudioFormat = { encoding: 'pcm16', rate: 24_000 };

const ENCODINGS: Readonly<Record<string, AudioFormat>> = {
  pcm16: PCM_24K,
  // Qwen's name for 24 kHz.
  pcm24: PCM_24K,
  'audio/pcm': PCM_24K,
  g711_ulaw: { encoding: 'mulaw', rate: 8000 },
  'audio/pcmu': { encoding: 'mulaw', rate: 8000 },
  'audio/x-mulaw': { encoding: 'mulaw', rate: 8000 },
  g711_alaw: { encoding: 'alaw', rate: 8000 },
  'audio/pcma': { encoding: 'alaw', rate: 8000 },
};

/** The format that a configuration names (`pcm16`, `{ type: "audio/pcm", rate: 16000 }`); null for one that we cannot read. */
export function audioFormatOf(format: Json | undefined): AudioFormat | null {
  const name = typeof format === 'string' ? format : stringAt(format, 'type');
  const known = name !== undefined && Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined;
  if (known === undefined) return null;
  const rate = isJsonObject(format) ? numberAt(format, 'rate') : undefined;
  return known.encoding === 'pcm16' && rate !== undefined && rate >= 1000 && rate <= 192_000 ? { ...known, rate } : known;
}

/** How long so many bytes sound, in milliseconds. */
export function durationMs(byteLength: number, format: AudioFormat): number {
  const bytesPerSample = format.encoding === 'pcm16' ? 2 : 1;
  return (byteLength / bytesPerSample / format.rate) * 1000;
}

/** The samples of audio bytes. A byte too many (half a sample, where a stream was cut) is left out. */
export function decodeAudio(bytes: Uint8Array, format: AudioFormat): Int16Array {
  if (format.encoding === 'mulaw') return decodeMulaw(bytes);
  return format.encoding === 'alaw' ? decodeAlaw(bytes) : decodePcm16(bytes);
}

function decodePcm16(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = (bytes[index * 2] as number) | ((bytes[index * 2 + 1] as number) << 8);
  }
  return samples;
}
