import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { commandFolders, namedBrowsers } from '#lib/config/tool-env.ts';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'chrome.exe'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium on this machine that runs, or null: named by the user, on the path, installed, or downloaded by Playwright. */
export function findBrowser(): string | null {
  const onPath = commandFolders().flatMap((folder) => COMMANDS.map((command) => join(folder, command)));
  const candidates = [...namedBrowsers(), ...onPath, ...APPLICATIONS, chromium.executablePath()];
  return candidates.find((path) => existsSync(path) && canRun(path)) ?? null;
}

/** A browser may be there while the system's libraries that it needs are not. */
function canRun(path: string): boolean {
  return spawnSync(path, ['--version', '--no-sandbox'], { timeout: 20_000 }).status === 0;
}
