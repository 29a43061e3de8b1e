import type { SessionMicros } from '#lib/base/brand.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Family } from '#lib/protocol/families.ts';
import { doneText, exceptionFor, FAMILIES, familyKey, streamOf } from '#lib/protocol/families.ts';
import { responseOutcome, TERMINAL_TYPES } from './response-outcome.ts';
import type { Finding, Rule, SessionFacts, Severity, Step } from './rule.ts';

/** Flags a part of a response that was closed with content although not one of its deltas ever came. */

type State = {
  /** Deltas seen per family key; gone with the end of the part. */
  deltas: { [key: string]: number };
  /** Responses whose beginning was seen: of others the deltas may have gone before the capture began. */
  begun: { [responseId: string]: true };
  /** Parts closed without a delta, until their response ends and its status tells whether that is a fault. */
  waiting: Waiting[];
  /** Set by events that only WebRTC and SIP calls have. */
  hasMediaTrack: boolean;
  /** Families whose known gap was explained once for this session. */
  explained: { [family: string]: true };
};

type Waiting = {
  family: string;
  responseId: string | null;
  itemId: string | null;
  key: string;
  seq: number;
  at: SessionMicros | null;
  length: number | null;
};

type Options = { readonly minCharacters: number };

const STREAMS = FAMILIES.filter((family) => family.kind === 'stream' && (family.donePath !== null || family.name === 'audio'));

const PLAYBACK_TYPES = ['output_audio_buffer.started', 'output_audio_buffer.stopped', 'output_audio_buffer.cleared'];

/** What a missing stream costs its user: silence, an empty caption, arguments that come late but whole. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  audio: 'critical',
  'function arguments': 'medium',
  'mcp arguments': 'medium',
};

export const missingDelta: Rule<State, Options> = {
  meta: {
    id: 'missing-delta',
    version: 1,
    severity: 'high',
    consumes: [
      'response.created',
      ...TERMINAL_TYPES,
      ...PLAYBACK_TYPES,
      ...new Set(STREAMS.flatMap((family) => [...family.starts, ...family.ends])),
    ],
    options: {
      minCharacters: {
        default: 3,
        min: 1,
        says: 'Characters that a closing event must hold before its lack of deltas counts (`{}` has 2).',
      },
    },
    texts: {
      default: {
        title: 'No {family} deltas',
        why: 'The {family} of this part was closed without a single delta before it. An application that plays or shows deltas as they come gets nothing.',
        fix: 'Read the text from the closing event as well. If the gap is new, compare provider, API version and proxies with a session that streams.',
      },
      expected: {
        title: 'No {family} deltas, as expected here',
        why: '{note}',
        fix: 'Do not wait for these deltas on this connection; use the closing event, or the media track for audio.',
      },
    },
  },
  init: () => ({ deltas: {}, begun: {}, waiting: [], hasMediaTrack: false, explained: {} }),
  step(state, input, options, facts) {
    if (input.kind === 'clock') return { state };
    const { event, seq, at } = input;
    if (event.canonicalType === 'response.created') return { state: begin(state, event) };
    if (PLAYBACK_TYPES.includes(event.canonicalType)) return { state: { ...state, hasMediaTrack: true } };
    const stream = streamOf(event);
    if (stream === null) return settle(state, event, facts);
    const key = familyKey(event, stream.family);
    if (stream.part === 'start') return { state: { ...state, deltas: { ...state.deltas, [key]: (state.deltas[key] ?? 0) + 1 } } };
    return close(state, { event, family: stream.family, key, seq, at }, options, facts);
  },
  end: (state, _end, _options, facts) => judge(state, state.waiting, null, facts).findings ?? [],
};

function begin(state: State, event: DecodedEvent): State {
  const { responseId } = event.keys;
  return responseId === null ? state : { ...state, begun: { ...state.begun, [responseId]: true } };
}

interface Closing {
  readonly event: DecodedEvent;
  readonly family: Family;
  readonly key: string;
  readonly seq: number;
  readonly at: SessionMicros | null;
}

/** A closing event: with deltas all is well; without, the part waits for its response's end, or is judged now where it has none. */
function close(state: State, closing: Closing, options: Options, facts: SessionFacts): Step<State> {
  const { event, family, key, seq, at } = closing;
  const { [key]: seen, ...deltas } = state.deltas;
  const length = family.donePath === null ? null : (doneText(event, family)?.length ?? 0);
  const hasContent = length === null || length >= options.minCharacters;
  const { responseId, itemId } = event.keys;
  const isKnown = responseId === null || state.begun[responseId] === true;
  if (seen !== undefined || !hasContent || !isKnown) return { state: { ...state, deltas } };
  const part: Waiting = { family: family.name, responseId, itemId, key, seq, at, length };
  if (responseId === null) return judge({ ...state, deltas }, [part], null, facts);
  return { state: { ...state, deltas, waiting: [...state.waiting, part] } };
}

/** A terminal event of a response: its parts are judged, and what was held for it is let go. */
function settle(state: State, event: DecodedEvent, facts: SessionFacts): Step<State> {
  const outcome = responseOutcome(event);
  if (outcome === null) return { state };
  const mine = state.waiting.filter((part) => part.responseId === outcome.responseId);
  const { [outcome.responseId]: _, ...begun } = state.begun;
  const rest = { ...state, begun, waiting: state.waiting.filter((part) => part.responseId !== outcome.responseId) };
  return judge(rest, mine, outcome.status, facts);
}

/** Fault, known gap or nothing to say. A known gap is told once per session and family. */
function judge(state: State, parts: readonly Waiting[], status: string | null, facts: SessionFacts): Step<State> {
  let explained = state.explained;
  const findings: Finding[] = [];
  for (const part of parts) {
    const family = STREAMS.find((one) => one.name === part.family);
    if (family === undefined) continue;
    const known = knownGap(family, status, state, facts);
    if (known === null) findings.push(toFinding(part));
    else if (known.isWorthSaying && explained[part.family] === undefined) {
      explained = { ...explained, [part.family]: true };
      findings.push({
        ...toFinding(part),
        key: `expected ${part.family}`,
        severity: 'info',
        variant: 'expected',
        values: { ...valuesOf(part), note: known.note },
      });
    }
  }
  return { state: { ...state, explained }, findings };
}

/** Why the gap is no fault here; worth saying where connection or provider are the reason, not where the response was cut short. */
function knownGap(
  family: Family,
  status: string | null,
  state: State,
  facts: SessionFacts,
): { note: string; isWorthSaying: boolean } | null {
  const context = {
    provider: facts.provider,
    transport: state.hasMediaTrack && facts.transport === 'unknown' ? ('webrtc' as const) : facts.transport,
    mode: facts.mode,
    truncated: false,
    ended: false,
    outOfBand: false,
  };
  const conditional = { ...family, exceptions: family.exceptions.filter((exception) => exception.when !== undefined) };
  const byPlace = exceptionFor(conditional, 'no_delta', { ...context, status: null });
  if (byPlace !== null) return { note: byPlace.note, isWorthSaying: true };
  const byStatus = exceptionFor(conditional, 'no_delta', { ...context, status });
  return byStatus === null ? null : { note: byStatus.note, isWorthSaying: false };
}

function toFinding(part: Waiting): Finding {
  return { key: part.key, severity: SEVERITY[part.family] ?? 'high', evidence: [part.seq], at: part.at, values: valuesOf(part) };
}

function valuesOf({ family, responseId, itemId, length }: Waiting) {
  return { family, responseId, itemId, length };
}
