import type { SessionMicros } from '#lib/base/brand.ts';
import { arrayAt, objectAt, stringAt } from '#lib/base/json.ts';
import { canonicalConfig } from '#lib/protocol/config-map.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Family } from '#lib/protocol/families.ts';
import { doneText, exceptionFor, FAMILIES, isEmptyPiece, streamOf } from '#lib/protocol/families.ts';
import type { Severity } from '#lib/session/view.ts';
import { entryOf, MAX_OPEN, withEntry, withoutEntry } from './bounded-record.ts';
import { eventTypes } from './event-types.ts';
import { isCancelled, responseOutcome, TERMINAL_TYPES } from './response-outcome.ts';
import type { EventInput, Finding, Rule, SessionFacts, Step } from './rule.ts';
import type { StreamPlace } from './stream-parts.ts';
import { findPart, isOfResponse, ownerOf, partKey, placeOf, withPart } from './stream-parts.ts';

/** Flags a part of a response that was closed with content although not one of its deltas ever came. */

type State = {
  /** Owners whose response's beginning was seen, with its id: of others the deltas may have gone before the capture began. */
  begun: { [owner: string]: string };
  announced: { [itemId: string]: true };
  /** Parts that have had a delta. */
  parts: StreamPlace[];
  /** Parts closed without a delta, until their response ends and its status tells whether that is a fault. */
  waiting: Waiting[];
  /** Set by events that only WebRTC and SIP calls have. */
  hasMediaTrack: boolean;
  /** The configured model streams its transcripts of the user's speech. */
  streamsTranscripts: boolean;
  /** Families whose known gap was explained once for this session. */
  explained: { [family: string]: true };
};

type Waiting = StreamPlace & { seq: number; at: SessionMicros | null; length: number | null };

type Options = { readonly minCharacters: number };

const STREAMS = FAMILIES.filter((family) => family.kind === 'stream' && (family.donePath !== null || family.name === 'audio'));

/** Only calls whose audio has a track of its own have these; Voice Live's avatar speaks by its video. */
const MEDIA_TRACK_TYPES = [
  ...['output_audio_buffer.started', 'output_audio_buffer.stopped', 'output_audio_buffer.cleared'],
  'session.avatar.connecting',
];
const CONFIG_TYPES = ['session.created', 'session.updated'];

/** What a missing stream costs its user: silence, an empty caption, arguments that come late but whole. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  audio: 'critical',
  'function arguments': 'medium',
  'MCP arguments': 'medium',
  'input transcription': 'medium',
};

export const missingDelta: Rule<State, Options> = {
  meta: {
    id: 'missing-delta',
    version: 4,
    severity: 'high',
    consumes: eventTypes([
      ...['response.created', ...TERMINAL_TYPES, ...MEDIA_TRACK_TYPES, ...CONFIG_TYPES],
      'response.output_item.added',
      ...STREAMS.flatMap((family) => [...family.starts, ...family.ends]),
    ]),
    options: {
      minCharacters: {
        default: 1,
        min: 1,
        says: 'Characters that a closing event must hold before its lack of deltas counts: without blanks, and `{}` as none.',
      },
    },
    texts: {
      default: {
        title: 'No {family} deltas',
        why: 'This part was closed with its {family}, but not a single delta came before. An application that plays or shows deltas as they come gets nothing.',
        fix: 'Read the closing event as well, where it has the content; audio stands in no other event. If the gap is new, compare provider, API version and proxies with a session that streams.',
      },
      imported: {
        title: 'No {family} deltas in this recording',
        why: 'This part was closed with its {family}, but not a single delta stands before. Either none came, or what wrote this file left them out; an import cannot tell.',
        fix: 'Look whether the file has deltas of other parts. Record the same call through the tap to be certain.',
      },
      expected: {
        title: 'No {family} deltas, as expected here',
        why: '{note}',
        fix: 'Do not wait for these deltas on this connection; use the closing event, or the media track for audio.',
      },
    },
  },
  init: () => ({
    begun: {},
    announced: {},
    parts: [],
    waiting: [],
    hasMediaTrack: false,
    streamsTranscripts: false,
    explained: {},
  }),
  step(state, input, options, facts) {
    if (input.kind === 'gap') return { state: { ...state, begun: {}, parts: [], waiting: [], streamsTranscripts: false } };
    if (input.kind === 'clock') return { state };
    const { event } = input;
    const stream = streamOf(event);
    if (stream === null) return follow(state, event, facts);
    const place = placeOf(event, stream.family, state.announced);
    if (findPart(state.parts, place) !== -1 || isEmptyPiece(event, stream)) return { state };
    if (stream.part === 'start') return { state: remember(state, place) };
    return close(state, input, stream.family, place, options, facts);
  },
  end: (state, _end, _options, facts) => judge(state, state.waiting, null, facts).findings ?? [],
};

function follow(state: State, event: DecodedEvent, facts: SessionFacts): Step<State> {
  const { canonicalType, body, keys } = event;
  if (MEDIA_TRACK_TYPES.includes(canonicalType)) {
    // Voice Live clears a buffer of its own on a WebSocket too.
    const isProof = canonicalType !== 'output_audio_buffer.cleared' || facts.provider !== 'azure-voice-live';
    return { state: isProof ? { ...state, hasMediaTrack: true } : state };
  }
  if (CONFIG_TYPES.includes(canonicalType)) return { state: { ...state, streamsTranscripts: streamsTranscripts(body, facts) } };
  if (canonicalType === 'response.output_item.added') {
    return keys.itemId === null ? { state } : { state: { ...state, announced: withEntry(state.announced, keys.itemId, true) } };
  }
  const owner = ownerOf(event);
  if (owner === null) return { state };
  if (canonicalType !== 'response.created') return settle(withoutSilent(state, event), owner, statusOf(event), facts);
  if (keys.responseId === null || entryOf(state.begun, owner) === keys.responseId) return { state };
  // What an earlier response of the lane left open never ends: its places are taken anew.
  const isFirst = entryOf(state.begun, owner) === undefined;
  const { state: settled, findings } = isFirst ? { state } : settle(state, owner, null, facts);
  return { state: { ...settled, begun: withEntry(settled.begun, owner, keys.responseId) }, ...(findings && { findings }) };
}

/** An answer in which nothing was said has an empty transcript and no audio: that is no gap. */
function withoutSilent(state: State, { body }: DecodedEvent): State {
  const items = arrayAt(objectAt(body, 'response'), 'output');
  const silent = items.filter((item) => arrayAt(item, 'content').some((part) => stringAt(part, 'transcript') === ''));
  const ids = new Set(silent.map((item) => stringAt(item, 'id')));
  const isSilent = (part: Waiting) => part.family === 'audio' && part.itemId !== null && ids.has(part.itemId);
  return ids.size === 0 ? state : { ...state, waiting: state.waiting.filter((part) => !isSilent(part)) };
}

function statusOf(event: DecodedEvent): string | null {
  const outcome = responseOutcome(event);
  return outcome !== null && isCancelled(outcome) ? 'cancelled' : (outcome?.status ?? null);
}

/** Only OpenAI's own `gpt-…` models are known to stream transcripts, and only on the GA shape; `whisper-1` sends the whole at once. */
function streamsTranscripts(body: DecodedEvent['body'], { provider, dialect }: SessionFacts): boolean {
  if (dialect !== 'realtime-ga' || (provider !== 'openai' && provider !== 'simulator')) return false;
  const config = canonicalConfig(objectAt(body, 'session') ?? {});
  const model = stringAt(objectAt(objectAt(objectAt(config, 'audio'), 'input'), 'transcription'), 'model') ?? '';
  return model.startsWith('gpt-') && !model.includes('diarize');
}

/** Keeps a part. Where an older one must give way, nobody can say any more what of its response had deltas. */
function remember(state: State, place: StreamPlace): State {
  const forgotten = state.parts.length < MAX_OPEN ? null : (state.parts[0]?.owner ?? null);
  const begun = forgotten === null ? state.begun : withoutEntry(state.begun, forgotten);
  return { ...state, begun, parts: withPart(state.parts, place) };
}

/** A closing event without deltas: its part waits for its response's end, or is judged now where it names none. */
function close(
  state: State,
  { event, seq, at }: EventInput,
  family: Family,
  place: StreamPlace,
  options: Options,
  facts: SessionFacts,
): Step<State> {
  const text = family.donePath === null ? null : (doneText(event, family) ?? '');
  const hasContent = text === null || charactersOf(text, family) >= options.minCharacters;
  // Remembered, so that a second closing event of the same part does not count again.
  const next = remember(state, place);
  if (isSilence(event, family)) return { state: withoutAudio(next, place) };
  if (!hasContent || !isInView(state, place, family)) return { state: next };
  const part: Waiting = { ...place, seq, at, length: text?.length ?? null };
  if (place.owner === null) return judge(next, [part], null, facts);
  return { state: { ...next, waiting: withPart(state.waiting, part) } };
}

/** How much a text says: blanks say nothing, nor do the arguments of a call without parameters. */
function charactersOf(text: string, family: Family): number {
  const said = text.replaceAll(/\s/g, '');
  return family.equal === 'json' && said === '{}' ? 0 : said.length;
}

/** A transcript that is said to be empty: there was nothing to say, so no audio is missing. */
function isSilence(event: DecodedEvent, family: Family): boolean {
  return family.name === 'audio transcript' && doneText(event, family) === '';
}

/** The audio of a silent part is accounted for, whether it was closed before or is still to be. */
function withoutAudio(state: State, place: StreamPlace): State {
  const audio = { ...place, family: 'audio' };
  const index = findPart(state.waiting, audio);
  return { ...remember(state, audio), waiting: state.waiting.filter((_, at) => at !== index) };
}

/** Whether the deltas of this part would have been seen. */
function isInView(state: State, { owner }: StreamPlace, family: Family): boolean {
  if (!isOfResponse(family)) return state.streamsTranscripts;
  return owner !== null && entryOf(state.begun, owner) !== undefined;
}

/** A response is over: its parts are judged, and what was held for it is let go. */
function settle(state: State, owner: string, status: string | null, facts: SessionFacts): Step<State> {
  const isMine = (part: StreamPlace) => part.owner === owner;
  const mine = state.waiting.filter(isMine);
  const rest = {
    ...state,
    begun: withoutEntry(state.begun, owner),
    parts: state.parts.filter((part) => !isMine(part)),
    waiting: state.waiting.filter((part) => !isMine(part)),
  };
  return judge(rest, mine, status, facts);
}

/** Fault, known gap or nothing to say. A known gap is told once per session and family. */
function judge(state: State, parts: readonly Waiting[], status: string | null, facts: SessionFacts): Step<State> {
  let explained = state.explained;
  const findings: Finding[] = [];
  for (const part of parts) {
    const known = status === 'failed' ? QUIET : knownGap(part.family, status, state, facts);
    if (known === null) findings.push(toFault(part, facts));
    else if (known.isWorthSaying && entryOf(explained, part.family) === undefined) {
      explained = withEntry(explained, part.family, true);
      findings.push({
        ...toFinding(part, 'info', 'expected', { note: known.note }),
        key: `expected ${part.family}`,
      });
    }
  }
  return { state: explained === state.explained ? state : { ...state, explained }, findings };
}

const QUIET = { note: '', isWorthSaying: false };

/** Why the gap is no fault here; worth saying where connection or provider are the reason, not where the response was cut short. */
function knownGap(
  name: string,
  status: string | null,
  state: State,
  facts: SessionFacts,
): { readonly note: string; readonly isWorthSaying: boolean } | null {
  const family = STREAMS.find((one) => one.name === name);
  if (family === undefined) return QUIET;
  const { provider, mode } = facts;
  const transport = state.hasMediaTrack ? 'webrtc' : facts.transport;
  const context = { provider, transport, mode, truncated: false, ended: false, outOfBand: false } as const;
  // Exceptions without circumstances speak of parts that hold nothing, or of transcripts; both were told apart before.
  const conditional = { ...family, exceptions: family.exceptions.filter((exception) => exception.when !== undefined) };
  const byPlace = exceptionFor(conditional, 'no_delta', { ...context, status: null });
  if (byPlace !== null) return { note: byPlace.note, isWorthSaying: true };
  return exceptionFor(conditional, 'no_delta', { ...context, status }) === null ? null : QUIET;
}

/** A file may lack what its writer left out: that weighs less than what a capture on the wire did not see. */
function toFault(part: Waiting, { mode }: SessionFacts): Finding {
  const severity = SEVERITY[part.family] ?? 'high';
  if (mode !== 'import') return toFinding(part, severity, 'default', {});
  return toFinding(part, 'medium', 'imported', {});
}

function toFinding(part: Waiting, severity: Severity, variant: string, more: { readonly note?: string }): Finding {
  const { family, responseId, itemId, length, seq, at } = part;
  const values = { family, responseId, itemId, length, ...more };
  return { key: partKey(part), severity, variant, evidence: [seq], at, values };
}
