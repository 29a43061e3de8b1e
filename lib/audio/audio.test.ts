import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioFormatOf, decodeAudio, durationMs, PCM_24K } from './audio-format.ts';
import { decodeBase64 } from './base64.ts';
import { decodeAlaw, decodeMulaw } from './g711.ts';
import { loudnessOf, peaksOf } from './peaks.ts';

describe('base64', () => {
  it('decodes what the platform encodes, with and without padding and in the URL-safe alphabet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        for (const text of [
          buffer.toString('base64'),
          buffer.toString('base64').replace(/=+$/, ''),
          buffer.toString('base64url'),
        ]) {
          expect(Buffer.from(decodeBase64(text) ?? []).equals(buffer)).toBe(true);
        }
      }),
      { seed: 20261121 },
    );
  });

  it.each(['A', 'AAAAA', 'AA*A', 'AA A', 'ÄAAA', 'AA=A'])('refuses %s', (text) => {
    expect(decodeBase64(text)).toBeNull();
  });
});

describe('audio bytes', () => {
  it('of G.711 decode to the values of the standard', () => {
    // ITU-T G.711, tables 1a to 2b, scaled to 16 bits.
    expect([...decodeMulaw(Uint8Array.of(0x00, 0x80, 0x7f, 0xff, 0x0f, 0x8f))]).toEqual([-32124, 32124, 0, 0, -16764, 16764]);
    expect([...decodeAlaw(Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a, 0x80, 0x00))]).toEqual([8, -8, 32256, -32256, 5504, -5504]);
  });

  it('of 16-bit PCM are little-endian, and half a sample at the end is left out', () => {
    expect([...decodeAudio(Uint8Array.of(0x01, 0x00, 0xff, 0xff, 0x00, 0x80, 0x7f), PCM_24K)]).toEqual([1, -1, -32768]);
  });

  it.each([
    ['pcm16', 'pcm16', 24000],
    ['pcm24', 'pcm16', 24000],
    ['g711_ulaw', 'mulaw', 8000],
    [{ type: 'audio/pcma' }, 'alaw', 8000],
    [{ type: 'audio/pcm', rate: 16000 }, 'pcm16', 16000],
    [{ type: 'audio/pcm', rate: 'fast' }, 'pcm16', 24000],
  ])('in the format %j are %s at %i samples a second', (named, encoding, rate) => {
    expect(audioFormatOf(named)).toEqual({ encoding, rate });
  });

  it('in a format that nobody knows are not guessed at', () => {
    expect([audioFormatOf('opus'), audioFormatOf(null), audioFormatOf({ type: 7 }), audioFormatOf('toString')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('sound as long as their format says', () => {
    expect(durationMs(48_000, PCM_24K)).toBe(1000);
    expect(durationMs(8000, { encoding: 'mulaw', rate: 8000 })).toBe(1000);
  });
});

describe('a waveform', () => {
  it('keeps the lowest and highest sample of each column', () => {
    const { lows, highs } = peaksOf(Int16Array.of(0, 16384, -16384, 0, -32768, 0, 8192, 0), 4);
    expect([...highs]).toEqual([0.5, 0, 0, 0.25]);
    expect([...lows]).toEqual([0, -0.5, -1, 0]);
  });

  it('of fewer samples than columns has silent columns, never NaN', () => {
    const { highs } = peaksOf(Int16Array.of(32767), 3);
    expect([...highs].every((high) => Number.isFinite(high))).toBe(true);
    expect(Math.max(...highs)).toBeGreaterThan(0.99);
    expect([...peaksOf(new Int16Array(0), 2).highs]).toEqual([0, 0]);
  });

  it('of a muted microphone has no loudness', () => {
    expect(loudnessOf(new Int16Array(480))).toBe(0);
    expect(loudnessOf(Int16Array.of(32767, -32768))).toBeCloseTo(1, 3);
  });
});
