import { SAMPLE_RATE } from './audio-format.ts';
import type { Random } from './random.ts';

/**
 * Speech-like sound: for each syllable a burst of noise (the consonant) and a buzzing vowel shaped by two resonances,
 * with a gap between words. Nobody can understand it, but its loudness, pauses and spectrum look like a person talking,
 * which is what voice activity detection and a waveform on a screen need.
 */
export interface Voice {
  readonly pitchHz: number;
  readonly random: Random;
}

const VOWELS: readonly (readonly [number, number])[] = [
  [730, 1090],
  [530, 1840],
  [390, 1990],
  [570, 840],
  [440, 1020],
  [640, 1190],
];
const WORD_GAP_MS = 60;
const CLAUSE_GAP_MS = 110;
/** Half width of a resonance in Hz. */
const RESONANCE_WIDTH = 80;

/** One word as samples at 24 kHz, its trailing pause included (shorter than any turn detection waits for). */
export function speakWord(word: string, voice: Voice): Int16Array {
  const syllables = Math.max(1, Math.round(word.replace(/[^\p{L}\p{N}]/gu, '').length / 3));
  const parts: Int16Array[] = [];
  for (let syllable = 0; syllable < syllables; syllable += 1) parts.push(consonant(voice), vowel(voice));
  parts.push(roomNoise(/[,.;:!?]$/.test(word) ? CLAUSE_GAP_MS : WORD_GAP_MS, voice.random));
  return joinSamples(parts);
}

/** A sentence as samples. */
export function speak(text: string, voice: Voice): Int16Array {
  return joinSamples(splitWords(text).map((word) => speakWord(word, voice)));
}

/** What a microphone picks up while nobody speaks. */
export function roomNoise(ms: number, random: Random): Int16Array {
  return Int16Array.from({ length: samplesOf(ms) }, () => random.between(-24, 24));
}

/** Words with the white space before them, so that joining them gives the text back. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

/** Pieces of sound one after the other. */
export function joinSamples(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function samplesOf(ms: number): number {
  return Math.round((ms * SAMPLE_RATE) / 1000);
}

function consonant({ random }: Voice): Int16Array {
  const length = samplesOf(random.between(25, 50));
  let previous = 0;
  return Int16Array.from({ length }, (_, index) => {
    const noise = random.between(-1, 1);
    const bright = noise - previous * 0.7;
    previous = noise;
    return bright * 1800 * envelope(index / length);
  });
}

function vowel(voice: Voice): Int16Array {
  const { random } = voice;
  const length = samplesOf(random.between(90, 150));
  const [low, high] = VOWELS[random.whole(0, VOWELS.length - 1)] as readonly [number, number];
  const first = makeResonance(low);
  const second = makeResonance(high);
  const pitch = voice.pitchHz * random.between(0.9, 1.12);
  const volume = random.between(7000, 11_000);
  let phase = 0;
  return Int16Array.from({ length }, (_, index) => {
    phase += (pitch * (1.05 - (0.1 * index) / length)) / SAMPLE_RATE;
    const buzz = 1 - 2 * (phase % 1) + random.between(-0.05, 0.05);
    return (first(buzz) + 0.5 * second(buzz)) * volume * envelope(index / length);
  });
}

/** Rises over the first fifth, falls over the last third. */
function envelope(part: number): number {
  if (part < 0.2) return part / 0.2;
  return part > 0.67 ? (1 - part) / 0.33 : 1;
}

/** A two-pole resonance at `hz`. */
function makeResonance(hz: number): (sample: number) => number {
  const radius = Math.exp((-Math.PI * RESONANCE_WIDTH) / SAMPLE_RATE);
  const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
  let last = 0;
  let beforeLast = 0;
  return (sample) => {
    const now = (1 - radius) * 4 * sample + turn * last - radius * radius * beforeLast;
    beforeLast = last;
    last = now;
    return Math.max(-1.5, Math.min(1.5, now));
  };
}
