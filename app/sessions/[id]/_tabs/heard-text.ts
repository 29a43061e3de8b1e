/** A text whose audio was cut: what was heard of it, and what was not. */
export interface HeardText {
  readonly heard: string;
  readonly unheard: string;
}

/** Knows words also where no blanks part them, as in Chinese, Japanese or Thai. */
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Splits what was said where its audio was cut: nobody records which word that was, so it is the share of the letters that the audio's
 * share is; a word belongs to the side that has more of it. Null where all of it was heard, or where it is not known how much there was.
 */
export function splitHeard(text: string, heardMs: number | null, audioMs: number): HeardText | null {
  if (heardMs === null || heardMs >= audioMs) return null;
  const cut = text.length * Math.max(0, heardMs / audioMs);
  const word = [...WORDS.segment(text)].find((each) => each.isWordLike && each.index + each.segment.length / 2 > cut);
  return word === undefined ? null : { heard: text.slice(0, word.index), unheard: text.slice(word.index) };
}
