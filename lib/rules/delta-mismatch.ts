import type { SessionMicros } from '#lib/base/brand.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Family } from '#lib/protocol/families.ts';
import { deltaText, doneText, exceptionFor, FAMILIES, streamOf } from '#lib/protocol/families.ts';
import { entryOf, withEntry, withoutEntry } from './bounded-record.ts';
import { eventTypes } from './event-types.ts';
import { responseOutcome, TERMINAL_TYPES } from './response-outcome.ts';
import type { EventInput, Finding, Rule, SessionFacts, Step } from './rule.ts';
import type { StreamPlace } from './stream-parts.ts';
import { findPart, isOfResponse, isOfStream, partKey, placeOf, withPart } from './stream-parts.ts';

/** Flags a closing event whose text is not the concatenation of the deltas before it. */

type State = {
  /** Responses whose beginning was seen: of others the first deltas may have gone before the capture began. */
  begun: { [responseId: string]: true };
  /** Whether such a response is open in a stream whose deltas name no response. */
  inStream: boolean;
  /** Text so far of each part; of closed parts too, until their response ends. */
  parts: Part[];
  /** Items that were truncated: their transcripts change afterwards. */
  truncated: { [itemId: string]: true };
  /** Messages are missing: nobody can say of which user items. */
  hasGap: boolean;
};

/** `text` is null where it can no longer be compared: compared already, or too long. */
type Part = StreamPlace & { text: string | null; wireType: string; firstSeq: number };

type Options = { readonly maxCharacters: number };

const COMPARED = FAMILIES.filter((family) => family.kind === 'stream' && family.equal !== 'none' && family.donePath !== null);

export const deltaMismatch: Rule<State, Options> = {
  meta: {
    id: 'delta-mismatch',
    version: 1,
    severity: 'high',
    consumes: eventTypes([
      ...['response.created', ...TERMINAL_TYPES, 'conversation.item.truncated'],
      ...COMPARED.flatMap((family) => [...family.starts, ...family.ends]),
    ]),
    options: {
      maxCharacters: {
        default: 65_536,
        min: 1000,
        says: 'Characters of one part that are kept for the comparison; longer parts are not compared.',
      },
    },
    texts: {
      default: {
        title: 'Deltas do not add up: {how}',
        why: 'The deltas of this {family} have {deltaCharacters} characters, the closing event has {doneCharacters}. Whoever shows or parses the deltas has something else than the provider sent.',
        fix: 'Take the text of the closing event as the truth. Look for a proxy or consumer that drops, merges or repeats messages under load.',
      },
    },
  },
  init: () => ({ begun: {}, inStream: false, parts: [], truncated: {}, hasGap: false }),
  step(state, input, options, facts) {
    if (input.kind === 'clock') return { state };
    if (input.kind === 'gap')
      return { state: { ...state, begun: {}, inStream: false, parts: [], hasGap: input.why === 'loss' || state.hasGap } };
    const stream = streamOf(input.event);
    if (stream === null) return { state: follow(state, input.event) };
    const place = placeOf(input.event.keys, stream.family);
    const index = findPart(state.parts, place);
    if (stream.part === 'start') return { state: append(state, index, place, input, stream.family, options) };
    return index === -1 ? { state } : close(state, index, input, stream.family, facts);
  },
};

function follow(state: State, event: DecodedEvent): State {
  const { itemId, responseId } = event.keys;
  switch (event.canonicalType) {
    case 'conversation.item.truncated':
      return itemId === null ? state : { ...state, truncated: withEntry(state.truncated, itemId, true) };
    case 'response.created':
      if (responseId === null) return state;
      return { ...(isStream(event) ? beginStream(state) : state), begun: withEntry(state.begun, responseId, true) };
    default:
      return settle(state, event);
  }
}

/** What an earlier response of the stream left open never ends: its places are taken anew. */
function beginStream(state: State): State {
  return { ...state, inStream: true, parts: state.parts.filter((part) => !isOfStream(part)) };
}

function isStream({ entry }: DecodedEvent): boolean {
  return entry?.group === 'responses';
}

/** A terminal event: what was held for its response is let go. */
function settle(state: State, event: DecodedEvent): State {
  const outcome = responseOutcome(event);
  if (outcome === null) return state;
  const ended = isStream(event);
  const isMine = (part: Part) => part.responseId === outcome.responseId || (ended && isOfStream(part));
  return {
    ...state,
    inStream: ended ? false : state.inStream,
    begun: withoutEntry(state.begun, outcome.responseId),
    parts: state.parts.filter((part) => !isMine(part)),
  };
}

/** Adds a piece. A provider that sends each piece under two names is counted under the first. */
function append(state: State, index: number, place: StreamPlace, input: EventInput, family: Family, options: Options): State {
  const { event, seq } = input;
  const piece = deltaText(event, family);
  const known = state.parts[index];
  if (known === undefined) {
    if (!isInView(state, place, family)) return state;
    const text = piece === null || piece.length > options.maxCharacters ? null : piece;
    return { ...state, parts: withPart(state.parts, { ...place, text, wireType: event.type, firstSeq: seq }) };
  }
  if (known.text === null || (known.wireType !== event.type && family.starts.length === 1)) return state;
  const text = piece === null || known.text.length + piece.length > options.maxCharacters ? null : known.text + piece;
  return { ...state, parts: state.parts.with(index, { ...known, text }) };
}

/** Whether the deltas of a part that begins here are seen from the first on. */
function isInView(state: State, { responseId }: StreamPlace, family: Family): boolean {
  if (!isOfResponse(family)) return !state.hasGap;
  return responseId === null ? state.inStream : entryOf(state.begun, responseId) === true;
}

function close(state: State, index: number, { event, seq, at }: EventInput, family: Family, facts: SessionFacts): Step<State> {
  const part = state.parts[index] as Part;
  const next = { ...state, parts: state.parts.with(index, { ...part, text: null }) };
  const done = doneText(event, family);
  if (part.text === null || done === null || isExcused(family, event, state, facts)) return { state: next };
  const finding = compare(part, part.text, done, seq, at);
  return { state: next, findings: finding === null ? [] : [finding] };
}

function isExcused(family: Family, event: DecodedEvent, state: State, { provider, transport, mode }: SessionFacts): boolean {
  const truncated = event.keys.itemId !== null && entryOf(state.truncated, event.keys.itemId) === true;
  const context = { provider, transport, mode, truncated, status: null, ended: false, outOfBand: false };
  return exceptionFor(family, 'mismatch', context) !== null;
}

/** Blanks at the ends are the habit of transcription models (`" Hello"` … `"Hello"`), elsewhere a trifle. */
function compare(part: Part, deltas: string, done: string, seq: number, at: SessionMicros | null): Finding | null {
  if (deltas === done) return null;
  const isTrifle = deltas.trim() === done.trim();
  if (isTrifle && part.family === 'input transcription') return null;
  const { family, responseId, itemId, firstSeq } = part;
  const values = {
    ...{ family, responseId, itemId, how: isTrifle ? 'blanks at the ends differ' : differenceOf(deltas, done) },
    ...{ deltaCharacters: deltas.length, doneCharacters: done.length },
  };
  const severity = isTrifle ? 'low' : family === 'input transcription' ? 'medium' : 'high';
  return { key: `${partKey(part)} ${firstSeq}`, severity, evidence: [firstSeq, seq], at, values };
}

/** Where the deltas fall short of the whole, or go beyond it. */
function differenceOf(deltas: string, done: string): string {
  const ahead = commonStart(deltas, done);
  const behind = commonEnd(deltas, done, ahead);
  if (ahead + behind === deltas.length && deltas.length < done.length) {
    if (behind === 0) return 'end missing';
    return ahead === 0 ? 'start missing' : 'middle missing';
  }
  return ahead + behind === done.length && done.length < deltas.length ? 'text repeated or added' : 'different text';
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

function commonEnd(a: string, b: string, taken: number): number {
  const most = Math.min(a.length, b.length) - taken;
  let length = 0;
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  return length;
}
