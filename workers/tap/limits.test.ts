import { expect, test } from 'vitest';
import type { TapLimits } from './limits.ts';
import { Admission } from './limits.ts';

const limits = { maxSessions: 2, maxUpgradesPerMinute: 3 } as TapLimits;

test('a place is free again after its session has ended', () => {
  const admission = new Admission(limits);
  expect([admission.admit(0), admission.admit(0)]).toEqual([null, null]);
  expect(admission.admit(0)).toMatchObject({ code: 'DS_TAP_TOO_MANY_SESSIONS' });
  admission.release();
  expect(admission.admit(0)).toBeNull();
});

test('the minute slides: the fourth session waits until the first is 60 s old', () => {
  const admission = new Admission(limits);
  for (const at of [0, 10_000, 20_000]) {
    expect(admission.admit(at)).toBeNull();
    admission.release();
  }
  expect(admission.admit(59_999)).toMatchObject({ status: 429, code: 'DS_TAP_TOO_MANY_UPGRADES' });
  expect(admission.admit(60_000)).toBeNull();
  admission.release();
  expect(admission.admit(69_999)).toMatchObject({ status: 429 });
});

test('nobody is admitted while the tap stops', () => {
  const admission = new Admission(limits);
  admission.isStopping = true;
  expect(admission.admit(0)).toMatchObject({ status: 503, code: 'DS_TAP_STOPPING' });
});
