import type { Json } from '#lib/base/json.ts';
import { isJsonObject, numberAt, objectAt, stringAt } from '#lib/base/json.ts';

/** Bytes per millisecond of 24 kHz 16-bit mono, what every provider sends unless told otherwise. */
export const PCM_24K_BYTES_PER_MS = 48;

/** What a provider takes pcm16 for where it names no rate: Qwen listens at 16 kHz and speaks at 24. */
export function pcmInputOf(provider: string): number {
  return provider === 'qwen' ? 32 : PCM_24K_BYTES_PER_MS;
}

const NAMED: Readonly<Record<string, number>> = {
  pcm: PCM_24K_BYTES_PER_MS,
  pcm16: PCM_24K_BYTES_PER_MS,
  // Qwen's name for 24 kHz, not for 24 bits.
  pcm24: PCM_24K_BYTES_PER_MS,
  g711_ulaw: 8,
  g711_alaw: 8,
  'audio/pcmu': 8,
  'audio/pcma': 8,
};

/** Bytes per millisecond of an audio format as a configuration names it (`pcm16`, `{type: "audio/pcm", rate}`); null if it says nothing usable. */
export function bytesPerMsOf(format: Json | undefined): number | null {
  if (isJsonObject(format)) {
    const rate = numberAt(format, 'rate');
    const type = stringAt(format, 'type') ?? '';
    return type === 'audio/pcm' && rate !== undefined && rate >= 1000 && rate <= 192_000 ? rate / 500 : nameToBytes(type);
  }
  return typeof format === 'string' ? nameToBytes(format) : null;
}

/** Voice Live also has names like `pcm16-16000hz`. */
function nameToBytes(name: string): number | null {
  const rate = /^pcm16[-_](\d{4,6})hz$/.exec(name)?.[1];
  if (rate !== undefined) return Number(rate) / 500;
  if (name === 'audio/pcm') return PCM_24K_BYTES_PER_MS;
  return Object.hasOwn(NAMED, name) ? (NAMED[name] as number) : null;
}

/** The output format that a session or response object names, in GA's or beta's place. */
export function outputFormatOf(config: Json | undefined): number | null {
  const nested = objectAt(objectAt(config, 'audio'), 'output');
  return bytesPerMsOf(nested?.['format']) ?? (isJsonObject(config) ? bytesPerMsOf(config['output_audio_format']) : null);
}

/** The input format that a session object names, in GA's or beta's place. */
export function inputFormatOf(config: Json | undefined, provider: string): number | null {
  const nested = objectAt(objectAt(config, 'audio'), 'input');
  const named = bytesPerMsOf(nested?.['format']);
  if (named !== null || !isJsonObject(config)) return named;
  const format = config['input_audio_format'];
  if (format !== 'pcm16' && format !== 'pcm') return bytesPerMsOf(format);
  const rate = numberAt(config, 'input_audio_sampling_rate');
  return rate !== undefined && rate >= 1000 && rate <= 192_000 ? rate / 500 : pcmInputOf(provider);
}
