import { expect, test } from 'vitest';
import type { AnomalyView, ResponseView } from '#lib/session/view.ts';
import { badEndings, endedSeqs, firstProofs } from './stops.ts';

test('responses that ended in one of some ways, in the order in which they did', () => {
  const responses = [
    { status: 'cancelled', firstSeq: 3, doneSeq: 20 },
    { status: 'completed', firstSeq: 5, doneSeq: 6 },
    { status: 'cancelled', firstSeq: 7, doneSeq: null },
    { status: 'failed', firstSeq: 8, doneSeq: 9 },
  ] as ResponseView[];
  expect(endedSeqs(responses, 'cancelled')).toEqual([7, 20]);
  expect(endedSeqs(responses, 'failed', 'cancelled')).toEqual([7, 9, 20]);
});

test('the first message that proves each anomaly; some have none', () => {
  expect(firstProofs([{ evidence: [9, 10] }, { evidence: [] }, { evidence: [2, 30] }] as unknown as AnomalyView[])).toEqual([
    2, 9,
  ]);
});

test('messages that ended a response badly; what did not end, or ended well or in a way that is not known, is none', () => {
  const statuses = ['failed', 'incomplete', 'cancelled', 'completed', 'in_progress', 'constructor'];
  const responses = statuses.map((status, index) => ({ status, doneSeq: index + 1 })) as ResponseView[];
  expect([...badEndings([...responses, { status: 'failed', doneSeq: null } as ResponseView])]).toEqual([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'cancelled'],
  ]);
});
