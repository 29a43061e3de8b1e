/** G.711, the codec of telephones: 8,000 samples a second of one byte each. Decoded by table to 16-bit samples (ITU-T G.711). */

const MULAW: Int16Array = Int16Array.from({ length: 256 }, (_, byte) => mulawSample(byte));
const ALAW: Int16Array = Int16Array.from({ length: 256 }, (_, byte) => alawSample(byte));

function mulawSample(byte: number): number {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << exponent;
  return (inverted & 0x80) !== 0 ? 0x84 - magnitude : magnitude - 0x84;
}

function alawSample(byte: number): number {
  const inverted = byte ^ 0x55;
  const exponent = (inverted >> 4) & 0x07;
  const mantissa = (inverted & 0x0f) << 4;
  const magnitude = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
  return (inverted & 0x80) !== 0 ? magnitude : -magnitude;
}

/** µ-law bytes as samples (`g711_ulaw`, `audio/pcmu`). */
export function decodeMulaw(bytes: Uint8Array): Int16Array {
  return decodeBy(MULAW, bytes);
}

/** A-law bytes as samples (`g711_alaw`, `audio/pcma`). */
export function decodeAlaw(bytes: Uint8Array): Int16Array {
  return decodeBy(ALAW, bytes);
}

function decodeBy(table: Int16Array, bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) samples[index] = table[bytes[index] as number] as number;
  return samples;
}
