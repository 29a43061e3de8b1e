import type { SessionMicros } from '#lib/base/brand.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import { compareConfig } from '#lib/protocol/config-map.ts';
import type { Finding, Rule, RuleInput, SessionFacts, Step } from './rule.ts';

/**
 * Flags a configuration that did not come into force: refused by an `error` (V1), left without any answer (V2), or answered with
 * other values than were asked for (V3). An update is atomic: one refused field and nothing of it applies.
 *
 * sent ──session.updated, equal──▶ done · ──session.updated, other──▶ V3 · ──error──▶ V1 · ──nothing in time──▶ V2
 */

type State = { updates: Update[] };

type Update = { seq: number; at: SessionMicros | null; eventId: string | null; requested: JsonObject };

type Options = { readonly answerWithinMs: number };

const UPDATES = ['session.update', 'transcription_session.update'];
const ANSWERS = ['session.updated', 'transcription_session.updated'];

/** Differences that are shown with a finding; the page compares the rest itself. */
const MAX_SHOWN = 8;

export const rejectedConfig: Rule<State, Options> = {
  meta: {
    id: 'rejected-config',
    version: 1,
    severity: 'critical',
    consumes: [...UPDATES, ...ANSWERS, 'error'],
    options: {
      answerWithinMs: { default: 5000, min: 100, says: 'Milliseconds that the server may take to answer a `session.update`.' },
    },
    texts: {
      default: {
        title: 'Configuration refused: {param}',
        why: 'The server refused the update ({code}): {message} The whole update is dropped, and the session goes on with what it had before.',
        fix: 'Send the field in the shape of this endpoint: flat on the preview and beta shape, nested below `session.audio` and with `session.type` on the GA shape.',
      },
      unanswered: {
        title: 'Configuration never confirmed',
        why: 'A `session.update` was sent and neither `session.updated` nor an `error` came within {waitedMs} ms.',
        fix: 'Wait for `session.updated` before the first response. Look whether a proxy drops events, and whether the client sends before the socket is open.',
      },
      different: {
        title: 'Configuration came out differently: {paths}',
        why: 'The server confirmed the update with other values than were asked for, in {count} places.',
        fix: 'Compare requested and effective values leaf by leaf on the Configuration tab: the server knows these fields under another name, or not at all.',
      },
    },
  },
  init: () => ({ updates: [] }),
  step(state, input, options, facts) {
    if (input.kind === 'clock') return wake(state, input.at, options);
    const step = follow(state, input, facts);
    return { ...step, wakeAt: nextWake(step.state, options) };
  },
  end(state, end, options) {
    const overdue = state.updates.filter((update) => end.at !== null && deadlineOf(update, options) <= end.at);
    return overdue.map((update) => toUnanswered(update, options));
  },
};

type EventInput = Extract<RuleInput, { kind: 'event' }>;

function follow(state: State, input: EventInput, facts: SessionFacts): Step<State> {
  const { canonicalType, body } = input.event;
  if (input.event.entry?.group !== 'realtime') return { state };
  if (canonicalType === 'error') return refuse(state, input);
  if (ANSWERS.includes(canonicalType)) return confirm(state, input, facts);
  const requested = objectAt(body, 'session');
  if (!UPDATES.includes(canonicalType) || requested === undefined || input.direction === 'server_to_client') return { state };
  const update = { seq: input.seq, at: input.at, eventId: input.event.keys.eventId, requested };
  return { state: { updates: [...state.updates, update] } };
}

/** An error answers the update that it names, else, where its parameter lies in the session, the oldest one. */
function refuse(state: State, { event, seq, at }: EventInput): Step<State> {
  const error = objectAt(event.body, 'error');
  const param = stringAt(error, 'param') ?? null;
  const cause = stringAt(error, 'event_id');
  const named = cause === undefined ? undefined : state.updates.find((update) => update.eventId === cause);
  if (named === undefined && !(param ?? '').startsWith('session')) return { state };
  const update = named ?? state.updates[0];
  const values = {
    param: param ?? 'no parameter named',
    code: stringAt(error, 'code') ?? stringAt(error, 'type') ?? 'no code',
    message: stringAt(error, 'message') ?? 'The server gave no message.',
    updateSeq: update?.seq ?? null,
  };
  const evidence = update === undefined ? [seq] : [update.seq, seq];
  return {
    state: { updates: state.updates.filter((one) => one !== update) },
    findings: [{ key: `refused ${seq}`, evidence, at, values }],
  };
}

/** `session.updated` answers the oldest update that is still open; it names none. */
function confirm(state: State, { event, seq, at }: EventInput, facts: SessionFacts): Step<State> {
  const [update, ...updates] = state.updates;
  const effective = objectAt(event.body, 'session');
  // An update that follows before the answer may already be part of it: only the last one can be compared.
  if (update === undefined || effective === undefined || updates.length > 0 || facts.provider === 'xai')
    return { state: { updates } };
  const differences = compareConfig(update.requested, effective);
  if (differences.length === 0) return { state: { updates } };
  const shown = differences
    .slice(0, MAX_SHOWN)
    .map(({ path, requested, effective: got }) => ({ path, requested, effective: got }));
  const finding: Finding = {
    key: `different ${update.seq}`,
    severity: 'high',
    variant: 'different',
    evidence: [update.seq, seq],
    at,
    values: { paths: shown.map((one) => one.path).join(', '), count: differences.length, differences: shown },
  };
  return { state: { updates }, findings: [finding] };
}

function wake(state: State, now: SessionMicros, options: Options): Step<State> {
  const overdue = state.updates.filter((update) => deadlineOf(update, options) <= now);
  const next = { updates: state.updates.filter((update) => !overdue.includes(update)) };
  return { state: next, findings: overdue.map((update) => toUnanswered(update, options)), wakeAt: nextWake(next, options) };
}

function toUnanswered(update: Update, options: Options): Finding {
  const values = { waitedMs: options.answerWithinMs };
  return {
    key: `unanswered ${update.seq}`,
    severity: 'high',
    variant: 'unanswered',
    evidence: [update.seq],
    at: update.at,
    values,
  };
}

function deadlineOf(update: Update, options: Options): number {
  return update.at === null ? Number.POSITIVE_INFINITY : update.at + options.answerWithinMs * 1000;
}

function nextWake(state: State, options: Options): SessionMicros | null {
  const first = Math.min(...state.updates.map((update) => deadlineOf(update, options)));
  return Number.isFinite(first) ? (first as SessionMicros) : null;
}
