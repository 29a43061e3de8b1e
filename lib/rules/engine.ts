import type { SessionMicros } from '#lib/base/brand.ts';
import { coerceError } from '#lib/base/errors.ts';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import { boundJson, wireSentence } from '#lib/session/wire-text.ts';
import { anomalyId } from './anomaly-id.ts';
import { registry } from './registry.ts';
import type { EventInput, Finding, Rule, RuleEnd, RuleInput, SessionFacts, Step } from './rule.ts';
import { MAX_VALUES } from './rule.ts';

/**
 * Runs every rule over the events of one session, each event once, dispatched by type to the rules that consume it.
 *
 * Absence is an event: a rule that waits returns `wakeAt`. Before the engine delivers a record of a later session time (an event or
 * a watermark) it wakes the rule at exactly the time it asked for. So an absence is found at the same moment in a replay as live,
 * however late or in whatever pieces the records come; watermarks, which are not kept, only make it sooner.
 *
 * Contained: a rule that throws ends for this session with one `rule-error` finding; the others go on. So does one that finds more
 * than `MAX_FINDINGS`.
 */

/** What the engine knows of an anomaly; the session, its fingerprint and wall time are added by `detector.ts`. */
export interface Anomaly
  extends Pick<
    AnomalyView,
    'id' | 'ruleId' | 'ruleVersion' | 'severity' | 'variant' | 'fromSeq' | 'toSeq' | 'lastSeq' | 'evidence' | 'values'
  > {
  readonly at: SessionMicros | null;
}

/** State of all rules of one session: plain JSON, part of the session's checkpoint. Mutated in place by its one owner. */
export interface RulesState {
  /** Of the rules that made it, see `RULES_SIGNATURE`. */
  readonly signature: string;
  readonly runs: { [ruleId: string]: RuleRun };
  /** Latest time of an event. */
  now: SessionMicros;
  lastSeq: number;
  /** Provider's id of the session, to notice a connection that was made anew within one capture. */
  providerSession: string | null;
}

interface RuleRun {
  state: Json;
  wakeAt: SessionMicros | null;
  /** It threw, or found too much: it is not run any more. */
  over: boolean;
  /** Ids of what it found, so that nothing counts twice. */
  readonly found: string[];
}

/** Most findings of one rule in one session. */
export const MAX_FINDINGS = 1000;

/** Most evidence that is kept with an anomaly. */
const MAX_EVIDENCE = 100;

/** Raised when the engine itself gives rules other inputs than before. */
const ENGINE_VERSION = 1;

/** Of all rules and their versions: a checkpoint of other rules is not gone on with, the stored events are read again. */
export const RULES_SIGNATURE: string = [
  `engine@${ENGINE_VERSION}`,
  ...registry.map(({ meta }) => `${meta.id}@${meta.version}`),
].join(' ');

const BY_TYPE = indexByType(registry);

const OPTIONS = new Map(registry.map((rule) => [rule, defaultsOf(rule)]));

/** State before the first record of a session. */
export function openRules(): RulesState {
  const runs = Object.fromEntries(registry.map((rule) => [rule.meta.id, openRun(rule)]));
  return { signature: RULES_SIGNATURE, runs, now: 0 as SessionMicros, lastSeq: 0, providerSession: null };
}

/** Feeds one event; returns what was found by it or, before it, by the passing of time. */
export function stepRules(state: RulesState, input: EventInput, facts: SessionFacts): readonly Anomaly[] {
  const found: Anomaly[] = [];
  if (input.at !== null) wakeRules(state, input.at, facts, found);
  if (input.at !== null && input.at > state.now) state.now = input.at;
  state.lastSeq = Math.max(state.lastSeq, input.seq);
  const { canonicalType } = input.event;
  if (canonicalType === 'session.created' && isReconnect(state, input.event.body)) {
    runAll(state, { kind: 'gap', seq: input.seq, why: 'reconnect' }, facts, found);
  }
  const interested = BY_TYPE.get(canonicalType);
  if (interested === undefined) return found;
  const timed = input.at === null ? input : { ...input, at: state.now };
  for (const rule of interested) runStep(state, rule, timed, facts, found);
  return found;
}

/** Tells the rules that messages up to `seq` are missing. What they find then is of before: a watermark might have shown it sooner. */
export function skipRules(state: RulesState, seq: number, facts: SessionFacts): readonly Anomaly[] {
  const found: Anomaly[] = [];
  runAll(state, { kind: 'gap', seq, why: 'loss' }, facts, found);
  state.lastSeq = Math.max(state.lastSeq, seq);
  return found;
}

/** Tells the rules that nothing beyond what was fed happened up to `at`. */
export function passTime(state: RulesState, at: SessionMicros, facts: SessionFacts): readonly Anomaly[] {
  const found: Anomaly[] = [];
  wakeRules(state, at, facts, found);
  return found;
}

/** Lets every rule look at what is still open. */
export function endRules(state: RulesState, at: SessionMicros | null, facts: SessionFacts): readonly Anomaly[] {
  const found: Anomaly[] = [];
  if (at !== null) wakeRules(state, at, facts, found);
  const end: RuleEnd = { at: at === null ? null : (Math.max(at, state.now) as SessionMicros), lastSeq: state.lastSeq };
  for (const rule of registry) {
    const run = state.runs[rule.meta.id];
    if (run === undefined || run.over || rule.end === undefined) continue;
    contain(state, rule, run, found, () => rule.end?.(run.state, end, optionsOf(rule), facts) ?? []);
  }
  return found;
}

function isReconnect(state: RulesState, body: JsonObject): boolean {
  const id = stringAt(body['session'], 'id') ?? stringAt(body, 'id');
  if (id === undefined) return false;
  const before = state.providerSession;
  state.providerSession = keptId(id);
  return before !== null && before !== state.providerSession;
}

function wakeRules(state: RulesState, at: SessionMicros, facts: SessionFacts, found: Anomaly[]): void {
  for (const rule of registry) {
    const run = state.runs[rule.meta.id];
    while (run !== undefined && !run.over && run.wakeAt !== null && run.wakeAt <= at) {
      const wakeAt = run.wakeAt;
      run.wakeAt = null;
      runStep(state, rule, { kind: 'clock', at: wakeAt }, facts, found);
      // A rule that asks to be woken where it just was would never end.
      if (run.wakeAt !== null && run.wakeAt <= wakeAt) run.wakeAt = null;
    }
  }
}

function runAll(state: RulesState, input: RuleInput, facts: SessionFacts, found: Anomaly[]): void {
  for (const rule of registry) runStep(state, rule, input, facts, found);
}

function runStep(state: RulesState, rule: Rule, input: RuleInput, facts: SessionFacts, found: Anomaly[]): void {
  const run = state.runs[rule.meta.id];
  if (run === undefined || run.over) return;
  contain(state, rule, run, found, () => {
    const step: Step<Json> = rule.step(run.state, input, optionsOf(rule), facts);
    run.state = step.state;
    if (step.wakeAt !== undefined) run.wakeAt = step.wakeAt;
    return step.findings ?? [];
  });
}

function contain(state: RulesState, rule: Rule, run: RuleRun, found: Anomaly[], work: () => readonly Finding[]): void {
  try {
    for (const finding of work()) keep(state, rule, run, found, finding);
  } catch (thrown) {
    run.over = true;
    const message = wireSentence(coerceError(thrown).message) ?? 'no message';
    found.push(toRuleError(state, rule, 'default', message));
  }
}

function keep(state: RulesState, rule: Rule, run: RuleRun, found: Anomaly[], finding: Finding): void {
  const anomaly = toAnomaly(state, rule, finding);
  if (run.over || run.found.includes(anomaly.id)) return;
  if (run.found.length < MAX_FINDINGS) {
    run.found.push(anomaly.id);
    found.push(anomaly);
    return;
  }
  run.over = true;
  found.push(toRuleError(state, rule, 'limit', `${MAX_FINDINGS}`));
}

function toAnomaly(state: RulesState, rule: Rule, finding: Finding): Anomaly {
  const { id: ruleId, version: ruleVersion, severity } = rule.meta;
  const evidence = finding.evidence.slice(0, MAX_EVIDENCE);
  return {
    id: anomalyId(ruleId, ruleVersion, finding.key),
    ruleId,
    ruleVersion,
    severity: finding.severity ?? severity,
    variant: finding.variant ?? 'default',
    fromSeq: Math.min(...evidence),
    toSeq: Math.max(...evidence),
    lastSeq: state.lastSeq,
    at: finding.at,
    evidence,
    values: boundJson({ ...finding.values }, MAX_VALUES) as JsonObject,
  };
}

/** What is said of a rule that ended early: it threw (`default`), or found too much (`limit`). */
function toRuleError(state: RulesState, rule: Rule, variant: string, message: string): Anomaly {
  return {
    id: anomalyId('rule-error', 1, rule.meta.id),
    ruleId: 'rule-error',
    ruleVersion: 1,
    severity: 'info',
    variant,
    fromSeq: state.lastSeq,
    toSeq: state.lastSeq,
    lastSeq: state.lastSeq,
    at: state.now,
    evidence: [state.lastSeq],
    values: { ruleId: rule.meta.id, message },
  };
}

function openRun(rule: Rule): RuleRun {
  return { state: rule.init(), wakeAt: null, over: false, found: [] };
}

function optionsOf(rule: Rule): Readonly<Record<string, number>> {
  return OPTIONS.get(rule) ?? {};
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
