/** Fails where a folder lacks its README, a README is too long, or an error code has no test that names it. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '#lib/base/errors.ts';

const README_LINES = 25;
const root = fileURLToPath(new URL('..', import.meta.url));

const folders = new Set(globSync('{lib,workers}/*/*.*', { cwd: root }).map((file) => dirname(file)));
const problems = [...[...folders].sort().flatMap(judgeFolder), ...untestedCodes()];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${Object.keys(ERRORS).length} error codes, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function judgeFolder(folder: string): readonly string[] {
  const file = join(root, folder, 'README.md');
  if (!existsSync(file)) return [`${folder}/README.md is missing: what belongs here, what does not, what to read first`];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length;
  return lines > README_LINES ? [`${folder}/README.md has ${lines} lines; at most ${README_LINES}`] : [];
}

function untestedCodes(): readonly string[] {
  const tests = globSync(['{lib,workers,app,scripts}/**/*.test.{ts,tsx}', 'tests/**/*.ts'], { cwd: root });
  const text = tests.map((test) => readFileSync(join(root, test), 'utf8')).join('\n');
  const tested = new Set(text.match(/\bDS_[A-Z0-9_]+/g));
  return Object.keys(ERRORS)
    .filter((code) => !tested.has(code))
    .map((code) => `${code}: no test names it`);
}
