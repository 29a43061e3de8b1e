import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Family } from '#lib/protocol/families.ts';
import { deltaText, doneText, exceptionFor, FAMILIES, familyKey, streamOf } from '#lib/protocol/families.ts';
import type { Rule, SessionFacts, Step } from './rule.ts';

/** Flags a closing event whose text is not the concatenation of the deltas before it. */

type State = {
  /** Text so far per family key; null where it can no longer be compared. */
  parts: { [key: string]: Part };
  /** Items that were truncated: their transcripts change afterwards. */
  truncated: { [itemId: string]: true };
};

type Part = { text: string | null; wireType: string; firstSeq: number };

type Options = { readonly maxCharacters: number };

const COMPARED = FAMILIES.filter((family) => family.kind === 'stream' && family.equal !== 'none' && family.donePath !== null);

export const deltaMismatch: Rule<State, Options> = {
  meta: {
    id: 'delta-mismatch',
    version: 1,
    severity: 'high',
    consumes: [...new Set(COMPARED.flatMap((family) => [...family.starts, ...family.ends])), 'conversation.item.truncated'],
    options: {
      maxCharacters: {
        default: 262_144,
        min: 1000,
        says: 'Characters of one part that are kept for the comparison; longer parts are not compared.',
      },
    },
    texts: {
      default: {
        title: 'Deltas do not add up ({how})',
        why: 'The deltas of this {family} have {deltaCharacters} characters, the closing event has {doneCharacters}. Whoever shows or parses the deltas has something else than the provider sent.',
        fix: 'Take the text of the closing event as the truth. Look for a proxy or consumer that drops, merges or repeats messages under load.',
      },
    },
  },
  init: () => ({ parts: {}, truncated: {} }),
  step(state, input, options, facts) {
    if (input.kind === 'clock') return { state };
    const { event, seq } = input;
    if (event.canonicalType === 'conversation.item.truncated') return { state: truncate(state, event) };
    const stream = streamOf(event);
    if (stream === null) return { state };
    const key = familyKey(event, stream.family);
    if (stream.part === 'start') return { state: append(state, key, event, stream.family, seq, options) };
    const { [key]: part, ...parts } = state.parts;
    const step = { state: { ...state, parts } };
    if (part === undefined || part.text === null || isExcused(stream.family, event, state, facts)) return step;
    return compare(step, part.text, { event, family: stream.family, key, evidence: [part.firstSeq, seq], at: input.at });
  },
};

function truncate(state: State, event: DecodedEvent): State {
  const { itemId } = event.keys;
  return itemId === null ? state : { ...state, truncated: { ...state.truncated, [itemId]: true } };
}

/** Adds a piece. A provider that sends each piece under two names is counted under the first. */
function append(state: State, key: string, event: DecodedEvent, family: Family, seq: number, options: Options): State {
  const part = state.parts[key] ?? { text: '', wireType: event.type, firstSeq: seq };
  if (part.wireType !== event.type || part.text === null) return state;
  const piece = deltaText(event, family);
  const text = piece === null || part.text.length + piece.length > options.maxCharacters ? null : part.text + piece;
  return { ...state, parts: { ...state.parts, [key]: { ...part, text } } };
}

function isExcused(family: Family, event: DecodedEvent, state: State, facts: SessionFacts): boolean {
  const context = {
    provider: facts.provider,
    transport: facts.transport,
    mode: facts.mode,
    status: null,
    truncated: event.keys.itemId !== null && state.truncated[event.keys.itemId] === true,
    ended: false,
    outOfBand: false,
  };
  return exceptionFor(family, 'mismatch', context) !== null;
}

interface Comparison {
  readonly event: DecodedEvent;
  readonly family: Family;
  readonly key: string;
  readonly evidence: readonly number[];
  readonly at: Parameters<typeof deltaMismatch.step>[1]['at'];
}

function compare(step: Step<State>, deltas: string, { event, family, key, evidence, at }: Comparison): Step<State> {
  const done = doneText(event, family);
  if (done === null || done === deltas) return step;
  const values = {
    family: family.name,
    how: differenceOf(deltas, done),
    responseId: event.keys.responseId,
    itemId: event.keys.itemId,
    deltaCharacters: deltas.length,
    doneCharacters: done.length,
  };
  return { ...step, findings: [{ key: `${key} ${evidence[0]}`, evidence, at, values }] };
}

/** Where the deltas fall short of the whole: `start missing`, `end missing`, `middle missing`, or `different text`. */
function differenceOf(deltas: string, done: string): string {
  if (deltas.length < done.length) {
    if (done.startsWith(deltas)) return 'end missing';
    if (done.endsWith(deltas)) return 'start missing';
    if (deltas.startsWith(done.slice(0, 1)) && deltas.endsWith(done.slice(-1))) return 'middle missing';
  }
  return deltas.length > done.length && deltas.startsWith(done) ? 'text repeated or added' : 'different text';
}
