/** The three audio formats of the Realtime protocol: their names in both dialects, their clock, their samples. */

/** The beta dialect's name of a format; used inside the simulator because it is one word. */
export type AudioFormat = 'pcm16' | 'g711_ulaw' | 'g711_alaw';

/** Samples a second of everything that is synthesised here; g711 is made from it by averaging three. */
export const SAMPLE_RATE = 24_000;

/** Bytes that one millisecond takes: 24 kHz × 2 bytes, or 8 kHz × 1 byte. */
export function bytesPerMs(format: AudioFormat): number {
  return format === 'pcm16' ? 48 : 8;
}

/** Samples at 24 kHz as the bytes of a format. */
export function encodeAudio(samples: Int16Array, format: AudioFormat): Buffer {
  if (format === 'pcm16') return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const encode = format === 'g711_ulaw' ? toMuLaw : toALaw;
  const bytes = Buffer.alloc(Math.floor(samples.length / 3));
  for (let index = 0; index < bytes.length; index += 1) {
    const at = index * 3;
    bytes[index] = encode(((samples[at] ?? 0) + (samples[at + 1] ?? 0) + (samples[at + 2] ?? 0)) / 3);
  }
  return bytes;
}

/** Loudness of some bytes of a format: root mean square, 0 to 1. */
export function loudness(bytes: Buffer, format: AudioFormat): number {
  const count = format === 'pcm16' ? Math.floor(bytes.length / 2) : bytes.length;
  if (count === 0) return 0;
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += sampleAt(bytes, index, format) ** 2;
  return Math.sqrt(sum / count) / 32_768;
}

function sampleAt(bytes: Buffer, index: number, format: AudioFormat): number {
  if (format === 'pcm16') return bytes.readInt16LE(index * 2);
  const code = bytes[index] as number;
  return format === 'g711_ulaw' ? fromMuLaw(code) : fromALaw(code);
}

/** G.711 µ-law, 14 bits of sample to 8. */
function toMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(Math.round(sample)), 32_635) + 132;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

function fromMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits & 0x70) >> 4)) - 132;
  return bits & 0x80 ? -magnitude : magnitude;
}

/** G.711 A-law, 13 bits of sample to 8; even bits inverted. */
function toALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = Math.min(Math.abs(Math.round(sample)), 32_767) >> 3;
  const exponent = magnitude < 32 ? 0 : Math.min(7, Math.floor(Math.log2(magnitude)) - 4);
  const mantissa = exponent === 0 ? magnitude >> 1 : magnitude >> exponent;
  return (sign | (exponent << 4) | (mantissa & 0x0f)) ^ 0x55;
}

function fromALaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits & 0x70) >> 4;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}
