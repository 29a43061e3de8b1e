/** What a test runner's JSON report says. */

/** Tests (or gates that are no tests) by outcome. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A run of tests: its counts, and which tests passed on a second try only. */
export interface TestReport extends Count {
  readonly retried: readonly string[];
}

export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly VitestTest[] }[];
}

interface VitestTest {
  readonly fullName: string;
  readonly status: string;
  /** Those of an earlier try stay with a test that passed. */
  readonly failureMessages: readonly string[];
}

export interface PlaywrightReport {
  readonly stats: Readonly<Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number>>;
  readonly suites: readonly PlaywrightSuite[];
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs: readonly { readonly title: string; readonly tests: readonly { readonly status: string }[] }[];
}

export function readVitestReport(report: VitestReport): TestReport {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const retried = tests.filter((test) => test.status === 'passed' && test.failureMessages.length > 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    retried: retried.map((test) => test.fullName),
  };
}

export function readPlaywrightReport({ stats, suites }: PlaywrightReport): TestReport {
  const retried = suites.flatMap(specsOf).filter((spec) => spec.tests.some((test) => test.status === 'flaky'));
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    retried: retried.map((spec) => spec.title),
  };
}

function specsOf(suite: PlaywrightSuite): PlaywrightSuite['specs'] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}
