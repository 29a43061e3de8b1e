import type { AnomalyView, ResponseView } from '#lib/session/view.ts';

/** How a response ended, where that was not well. */
export type BadEnding = 'failed' | 'cancelled';

const BAD_ENDINGS: ReadonlyMap<string, BadEnding> = new Map([
  ['failed', 'failed'],
  ['incomplete', 'failed'],
  ['cancelled', 'cancelled'],
]);

/** The messages that ended responses badly, by `seq`. */
export function badEndings(responses: readonly ResponseView[]): ReadonlyMap<number, BadEnding> {
  return new Map(
    responses.flatMap(({ doneSeq, status }) => {
      const ending = BAD_ENDINGS.get(status);
      return doneSeq === null || ending === undefined ? [] : [[doneSeq, ending] as const];
    }),
  );
}

/** Where the responses that ended in one of some ways did so: their `seq`, ascending. */
export function endedSeqs(responses: readonly ResponseView[], ...statuses: readonly string[]): readonly number[] {
  return responses.flatMap((each) => (statuses.includes(each.status) ? [each.doneSeq ?? each.firstSeq] : [])).sort(ascending);
}

/** The first message that proves each anomaly: their `seq`, ascending. */
export function firstProofs(anomalies: readonly AnomalyView[]): readonly number[] {
  return anomalies.flatMap(({ evidence }) => evidence.slice(0, 1)).sort(ascending);
}

function ascending(left: number, right: number): number {
  return left - right;
}
