import type { SessionMicros } from '#lib/base/brand.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import type { ConfigDifference } from '#lib/protocol/config-map.ts';
import { compareConfig } from '#lib/protocol/config-map.ts';
import { boundObject } from '#lib/session/wire-text.ts';
import type { EventInput, Finding, Rule, SessionFacts, Step } from './rule.ts';
import { withPart } from './stream-parts.ts';

/**
 * Flags a configuration that did not come into force: refused by an `error` (V1), left without any answer (V2), or answered with
 * other values than were asked for (V3). An update is atomic: one refused field and nothing of it applies.
 *
 * sent ──session.updated, equal──▶ done · ──session.updated, other──▶ V3 · ──error──▶ V1 · ──nothing in time──▶ V2
 */

type State = { updates: Update[] };

type Update = { seq: number; at: SessionMicros | null; eventId: string | null; requested: JsonObject };

type Options = { readonly answerWithinMs: number };

/** Differences that are shown with a finding; the page compares the rest itself. */
const MAX_SHOWN = 8;

export const rejectedConfig: Rule<State, Options> = {
  meta: {
    id: 'rejected-config',
    version: 1,
    severity: 'critical',
    consumes: ['session.update', 'session.updated', 'error'],
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
        why: 'The server confirmed the update with other values than were asked for, in {count} of its fields.',
        fix: 'Compare requested and effective values leaf by leaf on the Configuration tab: the server knows these fields under another name, or not at all.',
      },
    },
  },
  init: () => ({ updates: [] }),
  step(state, input, options, facts) {
    if (input.kind === 'gap') return { state: { updates: [] }, wakeAt: null };
    if (input.kind === 'clock') return wake(state, input.at, options, facts);
    const step = follow(state, input, facts);
    return step.state === state ? step : { ...step, wakeAt: nextWake(step.state, options) };
  },
};

function follow(state: State, input: EventInput, facts: SessionFacts): Step<State> {
  const { canonicalType, body, entry, keys } = input.event;
  if (entry?.group !== 'realtime') return { state };
  if (canonicalType === 'error') return input.direction === 'client_to_server' ? { state } : refuse(state, input);
  if (canonicalType === 'session.updated') return confirm(state, input, facts);
  const requested = objectAt(body, 'session');
  if (requested === undefined || input.direction === 'server_to_client') return { state };
  const update = { seq: input.seq, at: input.at, eventId: keys.eventId, requested: boundObject(requested) };
  return { state: { updates: withPart(state.updates, update) } };
}

/** An error answers the update that it names, else, where its parameter lies in the session, the oldest one. */
function refuse(state: State, { event, seq, at }: EventInput): Step<State> {
  const error = objectAt(event.body, 'error');
  const param = stringAt(error, 'param') ?? null;
  const cause = stringAt(error, 'event_id');
  const named = cause === undefined ? undefined : state.updates.find((update) => update.eventId === cause);
  if (named === undefined && !isOfSession(param)) return { state };
  const update = named ?? state.updates[0];
  const values = {
    param: param ?? 'no field named',
    code: stringAt(error, 'code') ?? stringAt(error, 'type') ?? 'no code',
    message: stringAt(error, 'message') ?? 'The server gave no message.',
    updateSeq: update?.seq ?? null,
    requested: update === undefined || param === null ? null : (requestedAt(update.requested, param) ?? null),
  };
  const evidence = update === undefined ? [seq] : [update.seq, seq];
  return {
    state: { updates: state.updates.filter((one) => one !== update) },
    findings: [{ key: `refused ${seq}`, evidence, at, values }],
  };
}

function isOfSession(param: string | null): boolean {
  return param === 'session' || (param ?? '').startsWith('session.');
}

/** What the client sent at `session.audio.input.format` or `session.tools[0].name`. */
function requestedAt(requested: JsonObject, param: string) {
  const path = param.split(/[.[\]]+/).filter((part) => part !== '' && part !== 'session');
  let value: unknown = requested;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value as JsonObject[string];
}

/** `session.updated` answers the oldest update that is still open; it names none. */
function confirm(state: State, { event, seq, at }: EventInput, facts: SessionFacts): Step<State> {
  const [update, ...updates] = state.updates;
  if (update === undefined) return { state };
  const effective = objectAt(event.body, 'session');
  // An update that follows before the answer may already be part of it: only the last one can be compared.
  if (effective === undefined || updates.length > 0) return { state: { updates } };
  const differences = compareConfig(update.requested, effective).filter((difference) => isFault(difference, facts));
  if (differences.length === 0) return { state: { updates } };
  const shown = differences
    .slice(0, MAX_SHOWN)
    .map(({ path, requested, effective: got }) => ({ path, requested, effective: got }));
  const finding: Finding = {
    key: `different ${update.seq}`,
    severity: differences.some(({ kind }) => kind === 'different') ? 'high' : 'medium',
    variant: 'different',
    evidence: [update.seq, seq],
    at,
    values: { paths: shown.map((one) => one.path).join(', '), count: differences.length, differences: shown },
  };
  return { state: { updates }, findings: [finding] };
}

/** Empty instructions ask for the server's own; xAI echoes only some fields, and those that it does not echo are in force all the same. */
function isFault({ path, requested, effective, kind }: ConfigDifference, { provider }: SessionFacts): boolean {
  if (path === 'instructions' && (requested === '' || requested === null)) return false;
  return provider !== 'xai' || (kind === 'different' && effective !== null);
}

function wake(state: State, now: SessionMicros, options: Options, facts: SessionFacts): Step<State> {
  const overdue = state.updates.filter((update) => deadlineOf(update, options) <= now);
  const next = { updates: state.updates.filter((update) => !overdue.includes(update)) };
  const findings = overdue.map((update) => toUnanswered(update, options, facts));
  return { state: next, findings, wakeAt: nextWake(next, options) };
}

/** A file may lack the answer because its writer left it out. */
function toUnanswered(update: Update, options: Options, { mode }: SessionFacts): Finding {
  const severity = mode === 'import' ? ('medium' as const) : ('high' as const);
  const values = { waitedMs: options.answerWithinMs };
  return { key: `unanswered ${update.seq}`, severity, variant: 'unanswered', evidence: [update.seq], at: update.at, values };
}

function deadlineOf(update: Update, options: Options): number {
  return update.at === null ? Number.POSITIVE_INFINITY : update.at + options.answerWithinMs * 1000;
}

function nextWake(state: State, options: Options): SessionMicros | null {
  const first = Math.min(...state.updates.map((update) => deadlineOf(update, options)));
  return Number.isFinite(first) ? (first as SessionMicros) : null;
}
