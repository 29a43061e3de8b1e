/** Fails naming every entry of the lock file that would break `npm ci` somewhere. */
import { readFileSync } from 'node:fs';
import { judgeLock } from './lock-file.ts';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const problems = judgeLock(lock);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${Object.keys(lock.packages).length} lock entries, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
