import { expect, test } from 'vitest';
import { readPlaywrightReport, readVitestReport } from './test-report.ts';

test('a test that failed once and then passed counts as passed, and is named', () => {
  const assertionResults = [
    { fullName: 'at once', status: 'passed', failureMessages: [] },
    { fullName: 'on a second try', status: 'passed', failureMessages: ['expected 1 to be 2'] },
    { fullName: 'never', status: 'failed', failureMessages: ['expected 1 to be 3'] },
  ];
  const counts = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 1, numTodoTests: 2 };
  expect(readVitestReport({ ...counts, testResults: [{ assertionResults }] })).toEqual({
    passed: 2,
    failed: 1,
    skipped: 3,
    retried: ['on a second try'],
  });
});

test('a browser test that failed once is named from wherever it stands', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
  const group = { specs: [spec('in a group', 'flaky')] };
  const suites = [{ specs: [spec('at once', 'expected'), spec('in a file', 'flaky')], suites: [group] }];
  expect(readPlaywrightReport({ stats: { expected: 1, unexpected: 0, flaky: 2, skipped: 0 }, suites })).toEqual({
    passed: 3,
    failed: 0,
    skipped: 0,
    retried: ['in a file', 'in a group'],
  });
});
