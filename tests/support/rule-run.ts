import type { WallMicros } from '#lib/base/brand.ts';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import { detectEnd, detectEvent, detectLoss, detectWatermark } from '#lib/rules/detector.ts';
import type { RulesState } from '#lib/rules/engine.ts';
import { openRules } from '#lib/rules/engine.ts';
import type { SessionState } from '#lib/session/fold.ts';
import { closeSession, foldEvent, foldLoss, foldWatermark } from '#lib/session/fold.ts';
import { openScripted, SCRIPT_START, toFoldEvent } from './fold-session.ts';
import type { ScriptLine } from './script.ts';
import { script } from './script.ts';

/** How a drawn session is run. */
export interface RuleRunOptions {
  /** What is different from a plain relay to OpenAI. */
  readonly capture?: Partial<CaptureMeta>;
  /** When the session ends, in ms; unset with its last line. */
  readonly endMs?: number;
}

/**
 * What the rules find in a drawn session. Two lines are no messages: `(watermark)` lets time pass, `(loss)` stands for a message that
 * was not recorded.
 */
export function findIn(text: string, { capture = {}, endMs }: RuleRunOptions = {}): FoundAnomaly[] {
  const state = openScripted(capture);
  const rules = openRules();
  const lines = script(text);
  const found = lines.flatMap((line) => take(state, rules, line));
  const last = endMs ?? lines.findLast((line) => line.ms !== null)?.ms ?? null;
  closeSession(state, { at: last === null ? null : wallOf(last), status: 'ended', end: null });
  return [...found, ...detectEnd(rules, state)];
}

/** What one rule finds, as `variant severity [evidence]` and the values that a table names. */
export function findingsOf(rule: string, text: string, options?: RuleRunOptions): string[] {
  return findIn(text, options)
    .filter((anomaly) => anomaly.ruleId === rule)
    .map(({ variant, severity, evidence }) => `${variant} ${severity} ${evidence.join(' ')}`);
}

function take(state: SessionState, rules: RulesState, { event, ...line }: ScriptLine): FoundAnomaly[] {
  const type = event['type'];
  const at = line.ms === null ? null : wallOf(line.ms);
  if (type === '(watermark)' && at !== null) {
    foldWatermark(state, at);
    return detectWatermark(rules, state, at);
  }
  const seq = state.row.lastSeq + 1;
  if (type === '(loss)') {
    foldLoss(state, { fromSeq: seq, toSeq: seq, at });
    return detectLoss(rules, state);
  }
  const folded = toFoldEvent(state, seq, { ...line, text: JSON.stringify(event) });
  foldEvent(state, folded);
  return detectEvent(rules, state, folded);
}

function wallOf(ms: number): WallMicros {
  return (SCRIPT_START + Math.round(ms * 1000)) as WallMicros;
}
