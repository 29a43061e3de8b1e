import type { SessionMicros } from '#lib/base/brand.ts';
import type { Json } from '#lib/base/json.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import type { SentUpdate } from '#lib/protocol/config-answers.ts';
import { answeredUpdate, refusedUpdate, requestedAt } from '#lib/protocol/config-answers.ts';
import { compareConfig } from '#lib/protocol/config-map.ts';
import type { Severity } from '#lib/session/view.ts';
import { boundObject, wasCut } from '#lib/session/wire-text.ts';
import { asSentence } from './as-sentence.ts';
import type { EventInput, Finding, Rule, SessionFacts, Step } from './rule.ts';
import { withPart } from './stream-parts.ts';

/**
 * Flags a configuration that did not come into force: refused by an `error` (V1), left without any answer (V2), or answered with
 * other values than were asked for (V3). An update is atomic: one refused field and nothing of it applies.
 *
 * sent ──session.updated, equal──▶ done · ──error──▶ V1 · ──nothing in time──▶ V2
 *   └──session.updated, other──▶ doubted ──session.updated, equal──▶ done · ──no such in time, end──▶ V3
 *
 * A doubted update waits because the answer may have been to somebody else: a proxy that configures the session too, another party of the
 * call, an update of before the capture.
 */

type State = {
  updates: Update[];
  doubted: Doubted[];
  /** Whether this connection shows answers at all: Azure filters them from some data channels (`webrtcfilter=on`). */
  showsSessions: boolean;
  /** Id of the newest error that refused one: it may come twice, by a proxy or by two connections to one call. */
  refusedBy: string | null;
  /** Messages are missing, an update may be among them: until one is confirmed, an answer may be to that. */
  isUnsure: boolean;
};

type Update = SentUpdate & {
  seq: number;
  at: SessionMicros | null;
  /** Longer than what is kept, and so nothing to compare with. */
  isCut: boolean;
  /** Found unanswered; its answer may still come and must not be taken for another's. */
  isOverdue: boolean;
  /** An answer to an earlier one held all that it asks for. Its own may come all the same, and must not be taken for another's. */
  isSettled: boolean;
};

/** An update that was answered with other values. */
type Doubted = Update & {
  answerSeq: number;
  answeredAt: SessionMicros | null;
  severity: Severity;
  count: number;
  shown: { path: string; requested: Json; effective: Json }[];
};

type Options = { readonly answerWithinMs: number };

/** Differences that are shown with a finding; the page compares the rest itself. */
const MAX_SHOWN = 8;

export const rejectedConfig: Rule<State, Options> = {
  meta: {
    id: 'rejected-config',
    version: 4,
    severity: 'critical',
    consumes: ['session.created', 'session.update', 'session.updated', 'error'],
    options: {
      answerWithinMs: { default: 5000, min: 100, says: 'Milliseconds that the server may take to answer a `session.update`.' },
    },
    texts: {
      default: {
        title: 'Configuration refused: {param}',
        why: 'The server refused the update ({code}): {message} The whole update is dropped, and the session goes on with what it had before.',
        fix: 'Correct what the message names, and send the whole update again. Usual causes: a field in the shape of another endpoint (flat on preview and beta; nested below `session.audio` and with `session.type` on GA), a tool in the shape of the chat API, a voice that cannot change any more once the assistant has spoken.',
      },
      unanswered: {
        title: 'Configuration not confirmed in time',
        why: 'A `session.update` was sent and neither `session.updated` nor an `error` about it came within {waitedMs} ms.',
        fix: 'Wait for `session.updated` before the first response. Look whether a proxy drops events, and whether the client sends before the socket is open.',
      },
      different: {
        title: 'Configuration came out differently: {paths}',
        why: 'The server confirmed the update with other values than were asked for, in {count} of its fields.',
        fix: 'Compare requested and effective values leaf by leaf on the Configuration tab: mostly the server knows these fields under another name, or not at all.',
      },
    },
  },
  init: () => ({ updates: [], doubted: [], showsSessions: false, refusedBy: null, isUnsure: false }),
  step(state, input, options, facts) {
    if (input.kind === 'gap') return afterGap(state, input.why);
    if (input.kind === 'clock') return wake(state, input.at, options, facts);
    const step = follow(state, input, facts);
    return step.state === state ? step : { ...step, wakeAt: nextWake(step.state, options) };
  },
  end: (state) => state.doubted.map(toDifferent),
};

/** What was lost may have been the answer that agrees; a connection that ended has given none. */
function afterGap(state: State, why: 'loss' | 'reconnect'): Step<State> {
  const findings = why === 'loss' ? [] : state.doubted.map(toDifferent);
  return { state: { ...state, updates: [], doubted: [], isUnsure: why === 'loss' }, findings, wakeAt: null };
}

function follow(state: State, input: EventInput, facts: SessionFacts): Step<State> {
  const { canonicalType, body, entry, keys } = input.event;
  const group = entry?.group ?? '';
  if (canonicalType === 'error') {
    return input.direction === 'client_to_server' || !REFUSING.includes(group) ? { state } : refuse(state, input);
  }
  if (!CONFIRMING.includes(group)) return { state };
  if (canonicalType === 'session.created') return { state: { ...state, showsSessions: true } };
  if (canonicalType === 'session.updated') return confirm({ ...state, showsSessions: true }, input, facts);
  const requested = objectAt(body, 'session');
  if (requested === undefined || input.direction === 'server_to_client') return { state };
  const { seq, at, event } = input;
  const kept = boundObject(requested);
  const update = {
    seq,
    at,
    eventId: keys.eventId,
    type: event.type,
    requested: kept,
    isCut: wasCut(kept),
    isOverdue: false,
    isSettled: false,
  };
  return { state: { ...state, updates: withPart(state.updates, update) } };
}

/** Where `session.updated` answers `session.update`, and says what is in force. */
const CONFIRMING: readonly string[] = ['realtime', 'translation'];

/** The Live API refuses alike; how much its answers repeat is not known. */
const REFUSING: readonly string[] = [...CONFIRMING, 'live'];

function refuse(state: State, { event, seq, at }: EventInput): Step<State> {
  const { eventId } = event.keys;
  if (eventId !== null && eventId === state.refusedBy) return { state };
  const error = objectAt(event.body, 'error');
  const param = stringAt(error, 'param') ?? null;
  const update = refusedUpdate([...state.updates.toSorted(byTurn), ...state.doubted], error);
  if (update === null) return { state };
  const values = {
    param: param ?? 'no field named',
    code: stringAt(error, 'code') ?? stringAt(error, 'type') ?? 'no code',
    message: asSentence(stringAt(error, 'message') ?? 'The server gave no message'),
    updateSeq: update?.seq ?? null,
    requested: update === undefined || param === null ? null : (requestedAt(update.requested, param) ?? null),
  };
  const evidence = update === undefined ? [seq] : [update.seq, seq];
  return {
    state: {
      ...state,
      updates: state.updates.filter((one) => one !== update),
      doubted: state.doubted.filter((one) => one !== update),
      refusedBy: eventId,
    },
    findings: [{ key: `refused ${eventId ?? seq} ${param}`, evidence, at, values }],
  };
}

/**
 * `session.updated` answers an update that waits, sooner than one that is overdue or settled. Those before it are over as well, since a
 * server takes them in order; later ones that ask for nothing else than it holds are settled. Where none waits, it may clear up doubts.
 */
function confirm(state: State, { event, seq, at }: EventInput, { provider, mode }: SessionFacts): Step<State> {
  const session = objectAt(event.body, 'session');
  const waiting = state.updates.toSorted(byTurn);
  if (session === undefined) return { state: { ...state, updates: waiting.slice(1) } };
  const effective = boundObject(session);
  const isWhole = !wasCut(effective);
  const differencesOf = ({ requested, isCut }: Update) =>
    isWhole && !isCut ? compareConfig(requested, effective, provider) : [];
  const update = answeredUpdate(waiting, effective, provider);
  if (update === undefined) {
    return { state: { ...state, doubted: state.doubted.filter((one) => differencesOf(one).length > 0) } };
  }
  const later = state.updates.filter((one) => one.seq > update.seq);
  const updates = later.map((one) => (differencesOf(one).length > 0 ? one : { ...one, isSettled: true }));
  // An update that follows before the answer may already be part of it: only the last one can be compared.
  const isLast = updates.every((one) => one.isSettled);
  const found = isLast ? differencesOf(update) : [];
  const differences = update.isSettled ? [] : found;
  if (differences.length === 0) {
    const isConfirmed = isLast && found.length === 0;
    return { state: { ...state, updates, isUnsure: state.isUnsure && !isConfirmed } };
  }
  if (state.isUnsure) return { state: { ...state, updates: state.updates.map((one) => ({ ...one, isSettled: true })) } };
  const doubted: Doubted = {
    ...update,
    answerSeq: seq,
    answeredAt: at,
    // Beside a call it may be the other party's update that was answered.
    severity: mode !== 'sideband' && differences.some(({ kind }) => kind === 'different') ? severityOf(mode) : 'medium',
    count: differences.length,
    shown: differences.slice(0, MAX_SHOWN).map(({ path, requested, effective: got }) => ({ path, requested, effective: got })),
  };
  return { state: { ...state, updates, doubted: withPart(state.doubted, doubted) } };
}

function toDifferent({ seq, answerSeq, answeredAt, severity, count, shown }: Doubted): Finding {
  return {
    key: `different ${seq}`,
    severity,
    variant: 'different',
    evidence: [seq, answerSeq],
    at: answeredAt,
    values: { paths: shown.map((one) => one.path).join(', '), count, differences: shown },
  };
}

/** Those that wait come before those that are overdue, and these before those that are settled; else in order. */
function byTurn(left: Update, right: Update): number {
  return Number(left.isSettled) - Number(right.isSettled) || Number(left.isOverdue) - Number(right.isOverdue);
}

function wake(state: State, now: SessionMicros, options: Options, facts: SessionFacts): Step<State> {
  const overdue = state.updates.filter((update) => deadlineOf(update, options) <= now);
  const silent = overdue.filter((update) => !update.isSettled);
  const updates = state.updates.flatMap((update) => {
    if (!overdue.includes(update)) return [update];
    return update.isSettled ? [] : [{ ...update, isOverdue: true }];
  });
  const certain = state.doubted.filter((one) => doubtEnds(one, options) <= now);
  const next = { ...state, updates, doubted: state.doubted.filter((one) => !certain.includes(one)) };
  const isFiltered = facts.transport === 'webrtc' && !state.showsSessions;
  const unanswered = isFiltered ? [] : silent.map((update) => toUnanswered(update, options, facts));
  return { state: next, findings: [...unanswered, ...certain.map(toDifferent)], wakeAt: nextWake(next, options) };
}

/** A file may lack the answer, or show it changed, because its writer did so. */
function severityOf(mode: SessionFacts['mode']): Severity {
  return mode === 'import' ? 'medium' : 'high';
}

function toUnanswered(update: Update, options: Options, facts: SessionFacts): Finding {
  const severity = severityOf(facts.mode);
  const values = { waitedMs: options.answerWithinMs };
  return { key: `unanswered ${update.seq}`, severity, variant: 'unanswered', evidence: [update.seq], at: update.at, values };
}

function deadlineOf(update: Update, options: Options): number {
  return update.at === null || update.isOverdue ? Number.POSITIVE_INFINITY : update.at + options.answerWithinMs * 1000;
}

/** The answer that agrees, if there is one, is on its way as long as the server may take to answer. */
function doubtEnds({ answeredAt }: Doubted, options: Options): number {
  return answeredAt === null ? Number.POSITIVE_INFINITY : answeredAt + options.answerWithinMs * 1000;
}

function nextWake({ updates, doubted }: State, options: Options): SessionMicros | null {
  const first = Math.min(
    ...updates.map((update) => deadlineOf(update, options)),
    ...doubted.map((one) => doubtEnds(one, options)),
  );
  return Number.isFinite(first) ? (first as SessionMicros) : null;
}
