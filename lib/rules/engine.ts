import type { SessionId, SessionMicros } from '#lib/base/brand.ts';
import { coerceError } from '#lib/base/errors.ts';
import type { Json } from '#lib/base/json.ts';
import { registry } from './registry.ts';
import type { Finding, Rule, RuleEnd, RuleInput, SessionFacts, Severity, Step } from './rule.ts';

/**
 * Runs every rule over the events of one session, each event once, dispatched by type to the rules that consume it.
 *
 * Absence is an event: a rule that waits returns `wakeAt`. Before the engine delivers a record of a later session time (an event or
 * a watermark) it wakes the rule at exactly the time it asked for. So an absence is found at the same moment in a replay as live,
 * however late or in whatever pieces the records come.
 *
 * Contained: a rule that throws ends for this session with one `rule-error` finding; the others go on.
 */

/** One anomaly, as it is stored. Title, explanation and fix are rendered from the rule. */
export interface Anomaly {
  /** Deterministic: the same rule finds the same thing under the same id in every replay. */
  readonly id: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly sessionId: SessionId;
  readonly severity: Severity;
  readonly variant: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly at: SessionMicros | null;
  readonly evidence: readonly number[];
  readonly values: Readonly<Record<string, Json>>;
}

/** State of all rules of one session: plain JSON, part of the session's checkpoint. */
export interface RulesState {
  readonly sessionId: SessionId;
  readonly rules: { [ruleId: string]: RuleRun };
  now: SessionMicros;
  lastSeq: number;
}

interface RuleRun {
  readonly version: number;
  state: Json;
  wakeAt: SessionMicros | null;
  failed: boolean;
}

const BY_TYPE = indexByType(registry);

const OPTIONS = new Map(registry.map((rule) => [rule.meta.id, defaultsOf(rule)]));

/** State before the first record of a session. */
export function openRules(sessionId: SessionId): RulesState {
  const rules = Object.fromEntries(registry.map((rule) => [rule.meta.id, openRun(rule)]));
  return { sessionId, rules, now: 0 as SessionMicros, lastSeq: 0 };
}

/** Feeds one event; returns what was found by it or, before it, by the passing of time. */
export function stepRules(
  state: RulesState,
  input: Extract<RuleInput, { kind: 'event' }>,
  facts: SessionFacts,
): readonly Anomaly[] {
  const found: Anomaly[] = [];
  if (input.at !== null) advance(state, input.at, facts, found);
  state.lastSeq = input.seq;
  const interested = BY_TYPE.get(input.event.canonicalType);
  if (interested === undefined) return found;
  const timed = input.at === null ? input : { ...input, at: state.now };
  for (const rule of interested) runStep(state, rule, timed, facts, found);
  return found;
}

/** Tells the rules that nothing beyond what was fed happened up to `at`. */
export function passTime(state: RulesState, at: SessionMicros, facts: SessionFacts): readonly Anomaly[] {
  const found: Anomaly[] = [];
  advance(state, at, facts, found);
  return found;
}

/** Lets every rule look at what is still open. */
export function endRules(state: RulesState, at: SessionMicros | null, facts: SessionFacts): readonly Anomaly[] {
  const found: Anomaly[] = [];
  if (at !== null) advance(state, at, facts, found);
  const end: RuleEnd = { at: at === null ? null : state.now, lastSeq: state.lastSeq };
  for (const rule of registry) {
    const run = state.rules[rule.meta.id];
    if (run === undefined || run.failed || rule.end === undefined) continue;
    contain(state, rule, run, found, () => rule.end?.(run.state, end, optionsOf(rule), facts) ?? []);
  }
  return found;
}

function advance(state: RulesState, at: SessionMicros, facts: SessionFacts, found: Anomaly[]): void {
  for (const rule of registry) {
    const run = state.rules[rule.meta.id];
    while (run !== undefined && !run.failed && run.wakeAt !== null && run.wakeAt <= at) {
      const wakeAt = run.wakeAt;
      run.wakeAt = null;
      runStep(state, rule, { kind: 'clock', at: wakeAt }, facts, found);
    }
  }
  if (at > state.now) state.now = at;
}

function runStep(state: RulesState, rule: Rule, input: RuleInput, facts: SessionFacts, found: Anomaly[]): void {
  const run = state.rules[rule.meta.id];
  if (run === undefined || run.failed) return;
  contain(state, rule, run, found, () => {
    const step: Step<Json> = rule.step(run.state, input, optionsOf(rule), facts);
    run.state = step.state;
    if (step.wakeAt !== undefined) run.wakeAt = step.wakeAt;
    return step.findings ?? [];
  });
}

function contain(state: RulesState, rule: Rule, run: RuleRun, found: Anomaly[], work: () => readonly Finding[]): void {
  try {
    for (const finding of work()) found.push(toAnomaly(state, rule, finding));
  } catch (thrown) {
    run.failed = true;
    found.push(toRuleError(state, rule, coerceError(thrown)));
  }
}

function toAnomaly(state: RulesState, rule: Rule, finding: Finding): Anomaly {
  const { id: ruleId, version: ruleVersion, severity } = rule.meta;
  return {
    id: `${ruleId}@${ruleVersion}:${finding.key}`,
    ruleId,
    ruleVersion,
    sessionId: state.sessionId,
    severity: finding.severity ?? severity,
    variant: finding.variant ?? 'default',
    fromSeq: Math.min(...finding.evidence),
    toSeq: Math.max(...finding.evidence),
    at: finding.at,
    evidence: finding.evidence,
    values: finding.values,
  };
}

function toRuleError(state: RulesState, rule: Rule, error: Error): Anomaly {
  return {
    id: `rule-error@1:${rule.meta.id}`,
    ruleId: 'rule-error',
    ruleVersion: 1,
    sessionId: state.sessionId,
    severity: 'info',
    variant: 'default',
    fromSeq: state.lastSeq,
    toSeq: state.lastSeq,
    at: state.now,
    evidence: [state.lastSeq],
    values: { ruleId: rule.meta.id, message: error.message },
  };
}

function openRun(rule: Rule): RuleRun {
  return { version: rule.meta.version, state: rule.init(), wakeAt: null, failed: false };
}

function optionsOf(rule: Rule): Readonly<Record<string, number>> {
  return OPTIONS.get(rule.meta.id) ?? {};
}

function defaultsOf(rule: Rule): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(rule.meta.options).map(([name, option]) => [name, option.default]));
}

function indexByType(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const index = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const type of rule.meta.consumes) index.set(type, [...(index.get(type) ?? []), rule]);
  }
  return index;
}
