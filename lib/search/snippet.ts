import { hasUnspaced, wordsOf } from './letters.ts';
import type { TextTerm } from './query.ts';

/** A piece of a text; `isHit` where it is what was looked for. */
export interface SnippetPart {
  readonly text: string;
  readonly isHit: boolean;
}

const BEFORE = 60;
const LONGEST = 200;
/** Where the first hit is longer than that. */
const LONGEST_HIT = 2_000;

/** The part of a text around the first thing that was looked for, as pieces in order; its beginning where nothing is found. */
export function makeSnippet(content: string, terms: readonly TextTerm[]): readonly SnippetPart[] {
  const wanted = joinPatterns(terms);
  const first = wanted === null ? null : new RegExp(wanted, 'iu').exec(content);
  const start = first === null ? 0 : wordStart(content, Math.max(0, first.index - BEFORE));
  const hitEnd = first === null ? 0 : first.index + first[0].length;
  const end = Math.max(start + LONGEST, Math.min(hitEnd, start + LONGEST_HIT));
  const shown = content.slice(start, end);
  const parts = wanted === null ? [{ text: shown, isHit: false }] : splitAtHits(shown, new RegExp(wanted, 'giu'));
  return [...mark(start > 0), ...parts, ...mark(end < content.length)].map((part) => ({
    ...part,
    text: part.text.toWellFormed(),
  }));
}

function joinPatterns(terms: readonly TextTerm[]): string | null {
  const patterns = terms.map(patternOf).filter((pattern) => pattern !== '');
  return patterns.length === 0 ? null : patterns.join('|');
}

/**
 * The words of a term with anything but letters and digits between them, from the beginning of a word on; a phrase ends with a word too.
 * Only letters, digits and their marks get into the pattern. The database takes a dotted capital for its small letter, a pattern does not.
 */
function patternOf({ text, isPhrase }: TextTerm): string {
  const words = wordsOf(text).map((word) => word.replace(/[iİ]\u0307?/giu, '[iİ]\\u0307?'));
  if (words.length === 0 || hasUnspaced(text)) return words.join('[^\\p{L}\\p{N}]*');
  return `(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]+')}${isPhrase ? '(?![\\p{L}\\p{N}])' : ''}`;
}

function splitAtHits(text: string, pattern: RegExp): readonly SnippetPart[] {
  const parts: SnippetPart[] = [];
  let end = 0;
  for (const hit of text.matchAll(pattern)) {
    if (hit.index > end) parts.push({ text: text.slice(end, hit.index), isHit: false });
    parts.push({ text: hit[0], isHit: true });
    end = hit.index + hit[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isHit: false });
  return parts;
}

/** The end of the word that stands at `at`, so that a snippet begins with a whole one. */
function wordStart(content: string, at: number): number {
  if (at === 0) return 0;
  const space = content.slice(at, at + BEFORE / 2).search(/\s/);
  return space === -1 ? at : at + space + 1;
}

function mark(isCut: boolean): readonly SnippetPart[] {
  return isCut ? [{ text: '…', isHit: false }] : [];
}
