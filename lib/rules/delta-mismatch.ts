import { sameJson } from '#lib/base/json.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Family } from '#lib/protocol/families.ts';
import { deltaText, doneText, exceptionFor, FAMILIES, isEmptyPiece, streamOf } from '#lib/protocol/families.ts';
import { nestsTooDeep } from '#lib/protocol/nesting.ts';
import { entryOf, withEntry, withoutEntry } from './bounded-record.ts';
import { eventTypes } from './event-types.ts';
import { TERMINAL_TYPES } from './response-outcome.ts';
import type { EventInput, Finding, Rule, SessionFacts, Step } from './rule.ts';
import type { StreamPlace } from './stream-parts.ts';
import { findPart, isOfResponse, ownerOf, partKey, placeOf, withPart } from './stream-parts.ts';

/** Flags a closing event whose text is not the concatenation of the deltas before it. */

type State = {
  /** Owners whose response's beginning was seen, with its id: of others the first deltas may have gone before the capture began. */
  begun: { [owner: string]: string };
  announced: { [itemId: string]: true };
  /** Text so far of each part; of closed parts too, until their response ends. */
  parts: Part[];
  /** Items that were truncated: their transcripts change afterwards. */
  truncated: { [itemId: string]: true };
  /** The session was seen to begin: before it, transcripts of the user may have begun too. */
  isWhole: boolean;
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
    version: 3,
    severity: 'high',
    consumes: eventTypes([
      ...['session.created', 'response.created', ...TERMINAL_TYPES, 'response.output_item.added', 'conversation.item.truncated'],
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
        why: 'The deltas of the {family} have {deltaCharacters} characters, the closing event has {doneCharacters}. Whoever shows or parses the deltas has something else than who reads the closing event.',
        fix: 'Take the text of the closing event as the truth, unless it is empty. Look for a proxy or consumer that drops, merges or repeats messages under load.',
      },
      imported: {
        title: 'Deltas do not add up in this recording: {how}',
        why: 'The deltas of the {family} have {deltaCharacters} characters, the closing event has {doneCharacters}. Either the wire was so, or what wrote this file cut it; an import cannot tell.',
        fix: 'Look whether numbers (`sequence_number`) jump or texts end in a mark of their own. Record the same call through the tap to be certain.',
      },
    },
  },
  init: () => ({ begun: {}, announced: {}, parts: [], truncated: {}, isWhole: false, hasGap: false }),
  step(state, input, options, facts) {
    if (input.kind === 'clock') return { state };
    if (input.kind === 'gap') return { state: { ...state, begun: {}, parts: [], hasGap: input.why === 'loss' || state.hasGap } };
    const stream = streamOf(input.event);
    if (stream === null) return { state: follow(state, input.event, facts) };
    if (isEmptyPiece(input.event, stream)) return { state };
    const place = placeOf(input.event, stream.family, state.announced);
    const index = findPart(state.parts, place);
    if (stream.part === 'start') return { state: append(state, index, place, input, stream.family, options) };
    return index === -1 ? { state } : close(state, index, input, stream.family, facts);
  },
};

function follow(state: State, event: DecodedEvent, { mode }: SessionFacts): State {
  const { itemId, responseId } = event.keys;
  const owner = ownerOf(event);
  switch (event.canonicalType) {
    case 'session.created':
      // Beside a call it tells that the connection begins, not the call.
      return { ...state, isWhole: mode !== 'sideband' };
    case 'conversation.item.truncated':
      return itemId === null ? state : { ...state, truncated: withEntry(state.truncated, itemId, true) };
    case 'response.output_item.added':
      return itemId === null ? state : { ...state, announced: withEntry(state.announced, itemId, true) };
    case 'response.created': {
      if (owner === null || responseId === null || entryOf(state.begun, owner) === responseId) return state;
      // What an earlier response of the lane left open never ends: its places are taken anew.
      const settled = entryOf(state.begun, owner) === undefined ? state : settle(state, owner);
      return { ...settled, begun: withEntry(settled.begun, owner, responseId) };
    }
    default:
      return owner === null ? state : settle(state, owner);
  }
}

/** A response is over: what was held for it is let go. */
function settle(state: State, owner: string): State {
  return {
    ...state,
    begun: withoutEntry(state.begun, owner),
    parts: state.parts.filter((part) => part.owner !== owner),
  };
}

/** Adds a piece. A provider that sends each piece under two names is counted under the first. */
function append(state: State, index: number, place: StreamPlace, input: EventInput, family: Family, options: Options): State {
  const { event, seq } = input;
  const piece = deltaText(event, family);
  const known = state.parts[index];
  if (known === undefined) {
    const isComparable = isInView(state, place, family) && piece !== null && piece.length <= options.maxCharacters;
    const text = isComparable ? piece : null;
    return { ...state, parts: withPart(state.parts, { ...place, text, wireType: event.type, firstSeq: seq }) };
  }
  if (known.text === null || (known.wireType !== event.type && family.starts.length === 1)) return state;
  const text = piece === null || known.text.length + piece.length > options.maxCharacters ? null : known.text + piece;
  return { ...state, parts: state.parts.with(index, { ...known, text }) };
}

/** Whether the deltas of a part that begins here are seen from the first on. */
function isInView(state: State, { owner }: StreamPlace, family: Family): boolean {
  if (!isOfResponse(family)) return !state.hasGap;
  return owner !== null && entryOf(state.begun, owner) !== undefined;
}

function close(state: State, index: number, { event, seq, at }: EventInput, family: Family, facts: SessionFacts): Step<State> {
  const part = state.parts[index] as Part;
  const next = { ...state, parts: state.parts.with(index, { ...part, text: null }) };
  const done = doneText(event, family);
  if (part.text === null || done === null || isExcused(family, event, state, facts)) return { state: next };
  const finding = compare(part, part.text, done, { family, seq, at, facts, isWhole: state.isWhole });
  return { state: next, findings: finding === null ? [] : [finding] };
}

function isExcused(family: Family, event: DecodedEvent, state: State, { provider, transport, mode }: SessionFacts): boolean {
  const truncated = event.keys.itemId !== null && entryOf(state.truncated, event.keys.itemId) === true;
  const context = { provider, transport, mode, truncated, status: null, ended: false, outOfBand: false };
  return exceptionFor(family, 'mismatch', context) !== null;
}

type Closing = Pick<EventInput, 'seq' | 'at'> & {
  readonly family: Family;
  readonly facts: SessionFacts;
  readonly isWhole: boolean;
};

/** What an import has may have been cut by what wrote it; transcripts of the user are corrected by their models. */
function compare(part: Part, deltas: string, done: string, { family, seq, at, facts, isWhole }: Closing): Finding | null {
  if (deltas === done) return null;
  const trifle = trifleOf(deltas, done, family);
  const how = trifle ?? differenceOf(deltas, done);
  const isOfUser = !isOfResponse(family);
  if (isOfUser && (trifle !== null || (how === 'start missing' && !isWhole))) return null;
  const { responseId, itemId, firstSeq } = part;
  const values = {
    family: part.family,
    responseId,
    itemId,
    how,
    deltaCharacters: deltas.length,
    doneCharacters: done.length,
  };
  const isImported = facts.mode === 'import';
  return {
    key: `${partKey(part)} ${firstSeq}`,
    severity: trifle !== null ? 'low' : isOfUser || isImported || done === '' ? 'medium' : 'high',
    variant: isImported ? 'imported' : 'default',
    evidence: [firstSeq, seq],
    at,
    values,
  };
}

/** A difference that changes nothing: blanks at the ends (the habit of transcription models), or the same JSON in another hand. */
function trifleOf(deltas: string, done: string, family: Family): string | null {
  if (deltas.trim() === done.trim()) return 'blanks at the ends differ';
  return family.equal === 'json' && isSameJson(deltas, done) ? 'the same JSON, written otherwise' : null;
}

/** A call without parameters has `{}` in one place and nothing in the other. */
function isSameJson(a: string, b: string): boolean {
  if (nestsTooDeep(a) || nestsTooDeep(b)) return false;
  try {
    return sameJson(JSON.parse(a.trim() || '{}'), JSON.parse(b.trim() || '{}'));
  } catch {
    return false;
  }
}

/** Where the deltas fall short of the whole, or go beyond it. */
function differenceOf(deltas: string, done: string): string {
  if (done === '') return 'closing event empty';
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
