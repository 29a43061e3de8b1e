import type { SessionMicros } from '#lib/base/brand.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import type { SentUpdate } from '#lib/protocol/config-answers.ts';
import { answeredUpdate, refusalName, refusedUpdate, requestedAt, withRequest } from '#lib/protocol/config-answers.ts';
import type { ConfigDifference } from '#lib/protocol/config-map.ts';
import { compareConfig } from '#lib/protocol/config-map.ts';
import type { Severity } from '#lib/session/view.ts';
import { boundObject, wasCut } from '#lib/session/wire-text.ts';
import { asSentence } from './as-sentence.ts';
import type { EventInput, Finding, Rule, RuleInput, SessionFacts, Step } from './rule.ts';
import { MAX_VALUES } from './rule.ts';
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
  /** Name of the newest error that refused one: it may come twice, by a proxy or by two connections to one call. */
  refusedBy: string | null;
  /** Where the connection was made anew: ids may begin anew too. Null on the first. */
  connectedAt: number | null;
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
  /** As much as is shown: the answer may be as long as a configuration. */
  values: JsonObject;
};

type Options = { readonly answerWithinMs: number };

/** Differences that are shown with a finding; the page compares the rest itself. */
const MAX_SHOWN = 8;

export const rejectedConfig: Rule<State, Options> = {
  meta: {
    id: 'rejected-config',
    version: 4,
    severity: 'critical',
    consumes: ['session.created', 'session.update', 'session.updated', 'response.create', 'error'],
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
  init: () => ({ updates: [], doubted: [], showsSessions: false, refusedBy: null, connectedAt: null, isUnsure: false }),
  step(state, input, options, facts) {
    if (input.kind === 'gap') return afterGap(state, input);
    if (input.kind === 'clock') return wake(state, input.at, options, facts);
    const step = follow(state, input, facts);
    return step.state === state ? step : { ...step, wakeAt: nextWake(step.state, options) };
  },
  end: (state) => state.doubted.map(toDifferent),
};

/**
 * A connection that ended has given no answer that agrees. What was lost may have been one; but a replay cannot tell whether it was lost
 * before the time for it was over, and finds what was found live, where watermarks tell.
 */
function afterGap(state: State, { why, seq }: Extract<RuleInput, { kind: 'gap' }>): Step<State> {
  const next = { ...state, updates: [], doubted: [], isUnsure: why === 'loss' };
  const begun = why === 'loss' ? next : { ...next, refusedBy: null, connectedAt: seq };
  return { state: begun, findings: state.doubted.map(toDifferent), wakeAt: null };
}

function follow(state: State, input: EventInput, facts: SessionFacts): Step<State> {
  const { canonicalType, body, entry, keys } = input.event;
  const group = entry?.group ?? '';
  if (canonicalType === 'error') {
    return input.direction === 'client_to_server' || !REFUSING.includes(group) ? { state } : refuse(state, input);
  }
  if (!CONFIRMING.includes(group)) return { state };
  if (canonicalType === 'response.create') return { state: asked(state, objectAt(body, 'response')) };
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
    shared: [],
    isCut: wasCut(kept),
    isOverdue: false,
    isSettled: false,
  };
  return { state: { ...state, updates: withPart(state.updates, update) } };
}

function asked(state: State, response: JsonObject | undefined): State {
  const { updates, doubted } = state;
  return { ...state, updates: withRequest(updates, response), doubted: withRequest(doubted, response) };
}

/** Where `session.updated` answers `session.update`, and says what is in force. */
const CONFIRMING: readonly string[] = ['realtime', 'translation'];

/** The Live API refuses alike; how much its answers repeat is not known. */
const REFUSING: readonly string[] = [...CONFIRMING, 'live'];

function refuse(state: State, { event, seq, at }: EventInput): Step<State> {
  const { eventId } = event.keys;
  const error = objectAt(event.body, 'error');
  const name = refusalName(eventId, error);
  if (name !== null && name === state.refusedBy) return { state };
  const param = stringAt(error, 'param') ?? null;
  const known = [...state.updates.toSorted(byTurn), ...state.doubted];
  const waiting = known.filter(({ isOverdue, isSettled }) => !isOverdue && !isSettled);
  const update = refusedUpdate(known, error, waiting);
  if (update === null) return { state };
  const values = {
    param: param ?? 'no field named',
    code: stringAt(error, 'code') ?? stringAt(error, 'type') ?? 'no code',
    message: asSentence(stringAt(error, 'message') ?? 'The server gave no message'),
    updateSeq: update?.seq ?? null,
    requested: update === undefined || param === null ? null : (requestedAt(update.requested, param) ?? null),
  };
  const evidence = update === undefined ? [seq] : [update.seq, seq];
  const again = state.connectedAt === null ? '' : ` ${state.connectedAt}`;
  return {
    state: {
      ...state,
      updates: state.updates.filter((one) => one !== update),
      doubted: state.doubted.filter((one) => one !== update),
      refusedBy: name,
    },
    findings: [{ key: `refused ${eventId ?? seq} ${param}${again}`, evidence, at, values }],
  };
}

/**
 * `session.updated` answers an update that waits, sooner than one that is overdue or settled. Those before it are over as well, since a
 * server takes them in order; later ones that ask for nothing else than it holds are settled. Where it agrees with none that waits, it may
 * be the answer to a doubted one.
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
  const wanting = update === undefined ? [] : differencesOf(update);
  if (update === undefined || wanting.length > 0) {
    const doubted = state.doubted.filter((one) => differencesOf(one).length > 0);
    if (update === undefined || doubted.length < state.doubted.length) return { state: { ...state, doubted } };
  }
  const later = state.updates.filter((one) => one.seq > update.seq);
  const updates = later.map((one) => (differencesOf(one).length > 0 ? one : { ...one, isSettled: true }));
  // An update that follows before the answer may already be part of it: only the last one can be compared.
  const isLast = updates.every((one) => one.isSettled);
  const found = isLast ? wanting : [];
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
    values: shownOf(differences),
  };
  return { state: { ...state, updates, doubted: withPart(state.doubted, doubted) } };
}

function shownOf(differences: readonly ConfigDifference[]): JsonObject {
  const shown = differences.slice(0, MAX_SHOWN).map(({ path, requested, effective }) => ({ path, requested, effective }));
  const paths = shown.map(({ path }) => path).join(', ');
  return boundObject({ paths, count: differences.length, differences: shown }, MAX_VALUES);
}

function toDifferent({ seq, answerSeq, answeredAt, severity, values }: Doubted): Finding {
  return { key: `different ${seq}`, severity, variant: 'different', evidence: [seq, answerSeq], at: answeredAt, values };
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
