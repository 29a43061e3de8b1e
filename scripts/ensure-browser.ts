import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Step } from '#workers/shared/step-list.ts';
import { findBrowser } from './find-browser.ts';

const PLAYWRIGHT = fileURLToPath(new URL('../node_modules/@playwright/test/cli.js', import.meta.url));

/** Ways to get a browser where there is none, in order; each is tried only if the one before did not lead to a browser that runs. */
const WAYS = [
  {
    name: 'Playwright’s own download',
    isPossible: () => true,
    commands: [[process.execPath, PLAYWRIGHT, 'install', 'chromium']],
  },
  {
    name: 'Debian’s package',
    isPossible: () => process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0,
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
    ],
  },
];

/**
 * Makes sure that a browser for the tests is there; gives its path.
 * @throws Error with one sentence on what to do.
 */
export function ensureBrowser(step: Step): string {
  const found = findBrowser() ?? installBrowser(step);
  if (found === null) {
    throw new Error(
      'No browser for the tests: none is installed, and neither Playwright’s download nor apt-get could bring one. ' +
        'Install Chromium or Chrome, or set DELTASCOPE_TEST_BROWSER to its path.',
    );
  }
  step.detail(found);
  return found;
}

function installBrowser(step: Step): string | null {
  for (const way of WAYS.filter(({ isPossible }) => isPossible())) {
    step.output(way.name);
    for (const [command = '', ...args] of way.commands) {
      const run = spawnSync(command, args, { encoding: 'utf8', timeout: 600_000 });
      step.output(`${run.stdout}${run.stderr}`);
    }
    const found = findBrowser();
    if (found !== null) return found;
  }
  return null;
}
