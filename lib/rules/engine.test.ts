import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { allEntries } from '#lib/protocol/catalogue.ts';
import {
  closeSession,
  foldEvent,
  foldWatermark,
  restoreState,
  serialiseState,
  takeChanges,
  unwrapEvent,
} from '#lib/session/fold.ts';
import type { SessionLine } from '#tests/support/golden.ts';
import { FIXTURES, fixtureNames, foldFile, openFile, readSession, toFileEvent } from '#tests/support/golden.ts';
import { findIn } from '#tests/support/rule-run.ts';
import { anomalyId, withoutVersion } from './anomaly-id.ts';
import type { FoundAnomaly } from './detector.ts';
import { detectEnd, detectEvent, detectWatermark } from './detector.ts';
import { MAX_FINDINGS, openRules, RULES_SIGNATURE } from './engine.ts';
import { failedResponse } from './failed-response.ts';
import { missingDelta } from './missing-delta.ts';
import { registry } from './registry.ts';
import { renderAnomaly } from './render.ts';

const FAILED = '5 s>c response.done r1 {"response":{"status":"failed"}}';

describe('the engine', () => {
  it('finds nothing in nothing', () => {
    expect(findIn('')).toEqual([]);
  });

  it('gives an anomaly an id of rule, version and what it is about, and a fingerprint of what it has in common with others', () => {
    const [found] = findIn(FAILED);
    expect(found).toMatchObject({ id: anomalyId('failed-response', 3, 'resp_r1'), ruleId: 'failed-response', ruleVersion: 3 });
    expect(found?.fingerprint).toBe('failed-response openai - gpt-realtime');
    expect(found?.id).toMatch(/^failed-response\.3\.[0-9a-f]{16}$/);
    expect(withoutVersion(found?.id ?? '')).toBe(withoutVersion(anomalyId('failed-response', 7, 'resp_r1')));
  });

  it('keeps ids, values and evidence small whatever the wire holds', () => {
    const id = 'x'.repeat(100_000);
    const [found] = findIn(
      `5 s>c response.done {"response":{"id":"${id}","status":"failed","status_details":{"error":{"message":"${id}"}}}}`,
    );
    expect(JSON.stringify(found).length).toBeLessThan(40_000);
    expect(found?.id.length).toBeLessThan(60);
  });

  it('ends a rule that throws with one rule-error, and lets the others go on', () => {
    const step = vi.spyOn(missingDelta, 'step').mockImplementation(() => {
      throw new Error('broken');
    });
    const found = findIn(`0 s>c response.created r1\n1 s>c response.created r2\n${FAILED}`);
    step.mockRestore();
    expect(found.map(({ ruleId }) => ruleId)).toEqual(['rule-error', 'failed-response']);
    expect(renderAnomaly(found[0] as FoundAnomaly).why).toContain('broken');
  });

  it('ends a rule that finds too much', () => {
    const text = Array.from({ length: MAX_FINDINGS + 5 }, (_, index) => FAILED.replace('r1', `r${index}`)).join('\n');
    const found = findIn(text);
    expect(found).toHaveLength(MAX_FINDINGS + 1);
    expect(found.at(-1)).toMatchObject({ ruleId: 'rule-error', variant: 'limit', values: { ruleId: failedResponse.meta.id } });
  });

  it('takes names of the wire for names only', () => {
    const text = ['__proto__', 'constructor', 'toString'].flatMap((id) => [
      `0 s>c response.created {"response":{"id":"${id}"}}`,
      `1 s>c response.output_item.done {"response_id":"${id}","item":{"type":"function_call","call_id":"${id}","status":"completed"}}`,
      `2 s>c response.output_text.delta {"response_id":"${id}","item_id":"${id}","output_index":0,"content_index":0,"delta":"a"}`,
      `3 s>c response.output_text.done {"response_id":"${id}","item_id":"${id}","output_index":0,"content_index":0,"text":"ab"}`,
      `4 s>c response.done {"response":{"id":"${id}","status":"cancelled"}}`,
    ]);
    const found = findIn(text.join('\n'));
    expect(found.map(({ ruleId }) => ruleId)).toEqual(Array(3).fill(['delta-mismatch', 'cancelled-response']).flat());
  });

  it('does not grow with traffic that never closes anything', () => {
    const state = openFile([]);
    const rules = openRules();
    for (let seq = 1; seq <= 600; seq += 1) {
      const event = {
        type: 'response.output_text.delta',
        response_id: `r${seq}`,
        item_id: `i${seq}`,
        output_index: 0,
        delta: 'abc',
      };
      const created = toFileEvent(state, 2 * seq - 1, line({ type: 'response.created', response: { id: `r${seq}` } }));
      detectEvent(rules, state, created);
      detectEvent(rules, state, toFileEvent(state, 2 * seq, line(event)));
    }
    expect(JSON.stringify(rules).length).toBeLessThan(300_000);
  });
});

const line = (event: object) => ({ t: null, dir: 'server', event }) as SessionLine;

describe('every rule', () => {
  const all = fixtureNames().map((name) => [name, readSession(join(FIXTURES, `${name}.jsonl`))] as const);

  it('has words for each of its findings, with nothing left to fill in', () => {
    for (const [, lines] of all) {
      for (const anomaly of foldFile(lines).anomalies) {
        const { title, why, fix } = renderAnomaly(anomaly);
        for (const text of [title, why]) expect(text).not.toMatch(/\{[a-zA-Z]+\}|undefined|null/);
        expect(fix.length).toBeGreaterThan(20);
      }
    }
  });

  it.each(registry.map((rule) => [rule.meta.id, rule] as const))(
    '%s is not affected by types that it does not consume',
    (id, rule) => {
      const consumed = new Set<string>(['session.created', ...rule.meta.consumes]);
      for (const [name, lines] of all) {
        const state = openFile(lines);
        const rules = openRules();
        const found: FoundAnomaly[] = [];
        for (const [index, one] of lines.entries()) {
          const event = toFileEvent(state, index + 1, one);
          foldEvent(state, event);
          if (event.decoded.ok && consumed.has(unwrapEvent(event.decoded).canonicalType))
            found.push(...detectEvent(rules, state, event));
        }
        closeSession(state, { at: state.row.lastEventAt, status: 'ended', end: null });
        found.push(...detectEnd(rules, state));
        const of = (anomalies: readonly FoundAnomaly[]) =>
          anomalies.filter((anomaly) => anomaly.ruleId === id).map(({ lastSeq: _, ...anomaly }) => anomaly);
        expect([name, of(found)]).toEqual([name, of(foldFile(lines).anomalies)]);
      }
    },
  );

  it('consumes only types of the catalogue, and none twice', () => {
    const known = new Set(allEntries().map((entry) => entry.canonicalType));
    for (const { meta } of registry) {
      expect(meta.consumes.filter((type) => !known.has(type))).toEqual([]);
      expect(new Set(meta.consumes).size).toBe(meta.consumes.length);
    }
  });

  it('says of its options what they are, within their bounds', () => {
    for (const { meta } of registry) {
      for (const option of Object.values(meta.options)) {
        expect(option.default).toBeGreaterThanOrEqual(option.min);
        expect(option.says).toMatch(/[.)]$/);
      }
    }
  });
});

describe('a replay', () => {
  const names = fixtureNames();

  /** The session as a recorder sees it that is stopped and started again, and told at any moment that time has passed. */
  function replay(lines: readonly SessionLine[], cuts: ReadonlySet<number>, pauses: ReadonlyMap<number, number>) {
    let state = openFile(lines);
    let rules = openRules();
    const found: FoundAnomaly[] = [];
    for (const [index, one] of lines.entries()) {
      const event = toFileEvent(state, index + 1, one);
      foldEvent(state, event);
      found.push(...detectEvent(rules, state, event));
      const share = pauses.get(index);
      const next = lines[index + 1]?.t ?? null;
      if (share !== undefined && one.t !== null && next !== null && next >= one.t) {
        const at = Math.round((one.t + share * (next - one.t)) * 1000) as WallMicros;
        foldWatermark(state, at);
        found.push(...detectWatermark(rules, state, at));
      }
      if (!cuts.has(index)) continue;
      state = restoreState(JSON.parse(JSON.stringify(serialiseState(state))));
      rules = JSON.parse(JSON.stringify(rules));
    }
    closeSession(state, { at: state.row.lastEventAt, status: 'ended', end: null });
    found.push(...detectEnd(rules, state));
    return { found, session: takeChanges(state).session };
  }

  it('finds the same as the live run, cut in any pieces, with any watermarks between', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(400), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 40 }),
        (name, cuts, pauses) => {
          const lines = readSession(join(FIXTURES, `${name}.jsonl`));
          const whole = foldFile(lines);
          const pieces = replay(lines, new Set(cuts), new Map(pauses));
          // Watermarks change when a thing is found (`lastSeq`), never what.
          const of = (found: readonly FoundAnomaly[]) =>
            found.map(({ lastSeq: _, ...anomaly }) => anomaly).sort((a, b) => (a.id < b.id ? -1 : 1));
          expect(of(pieces.found)).toEqual(of(whole.anomalies));
          expect(pieces.session).toEqual(whole.session);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is only gone on with under the same rules', () => {
    expect(openRules().signature).toBe(RULES_SIGNATURE);
    for (const { meta } of registry) expect(RULES_SIGNATURE).toContain(`${meta.id}@${meta.version}`);
  });
});
