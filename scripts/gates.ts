import { fileURLToPath } from 'node:url';

/** What must hold before a change is done. `npm run check` runs the quick ones, `npm test` all of them. */
export interface Gate {
  readonly name: string;
  /** Script and arguments for Node, from the root folder. */
  readonly args: readonly string[];
  /** A test runner's gate counts its tests; any other counts as one. The runner writes its report to `reportFile(name)`. */
  readonly runner?: 'vitest' | 'playwright';
  /** Its output is for reading, and shown even when all is well. */
  readonly isReport?: boolean;
}

/** Where a test runner leaves its counts. */
export function reportFile(gate: string): string {
  return fileURLToPath(new URL(`../.cache/test-reports/${gate}.json`, import.meta.url));
}

const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'];

/** Gates that read files only; together well under a minute. */
export const QUICK_GATES: readonly Gate[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'] },
  {
    name: 'lint and format',
    args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '.', '--error-on-warnings', '--max-diagnostics=50', '--colors=off'],
  },
  { name: 'imports', args: ['scripts/check-imports.ts'] },
  { name: 'dead code', args: ['node_modules/knip/bin/knip.js', '--no-config-hints'] },
  { name: 'lock file', args: ['scripts/check-lock.ts'] },
  { name: 'house', args: ['scripts/check-house.ts'] },
  { name: 'sizes', args: ['scripts/check-size.ts'], isReport: true },
  { name: 'error codes generated', args: ['scripts/generate-error-codes.ts', '--check'] },
  { name: 'settings generated', args: ['scripts/generate-env-example.ts', '--check'] },
  { name: 'protocol generated', args: ['scripts/generate-protocol.ts', '--check'] },
  { name: 'protocol coverage', args: ['scripts/check-protocol-coverage.ts'] },
  { name: 'rules', args: ['scripts/check-rules.ts'] },
];

/** Tests beside their source: pure, no ports. */
export const UNIT_GATE: Gate = {
  name: 'unit',
  args: [...VITEST, '--project', 'unit', `--outputFile.json=${reportFile('unit')}`],
  runner: 'vitest',
};

/** Tests with processes, ports and a database. They run the dashboard's build. */
export const INTEGRATION_GATE: Gate = {
  name: 'integration',
  args: [...VITEST, '--project', 'integration', `--outputFile.json=${reportFile('integration')}`],
  runner: 'vitest',
};

/** Tests in a real browser. */
export const BROWSER_GATE: Gate = {
  name: 'browser',
  args: ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
  runner: 'playwright',
};
