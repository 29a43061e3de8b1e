/** Prints the sizes of our code beside what we aim for, and where to look again. Fails nothing. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureFunctions } from './function-lengths.ts';

interface Kind {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly aim: number;
  readonly p90: number;
  readonly lookAgain: number;
}

/** A file counts for the first kind that matches. */
const KINDS: readonly Kind[] = [
  {
    name: 'test',
    patterns: ['{app,lib,workers,scripts}/**/*.test.{ts,tsx}', 'tests/**/*.ts'],
    aim: 150,
    p90: 350,
    lookAgain: 500,
  },
  {
    name: 'page, route, main',
    patterns: ['app/**/{page,route,layout}.{ts,tsx}', 'workers/*/main.ts'],
    aim: 40,
    p90: 60,
    lookAgain: 80,
  },
  { name: 'component', patterns: ['app/**/*.tsx'], aim: 80, p90: 200, lookAgain: 300 },
  { name: 'query, reducer', patterns: ['lib/{store,session}/**/*.ts'], aim: 80, p90: 170, lookAgain: 250 },
  { name: 'other module', patterns: ['{app,lib,workers,scripts,bench}/**/*.ts'], aim: 100, p90: 250, lookAgain: 400 },
];
const FUNCTION: Kind = { name: 'function', patterns: [], aim: 12, p90: 40, lookAgain: 60 };

const root = fileURLToPath(new URL('..', import.meta.url));
const seen = new Set<string>();
const functions: { readonly where: string; readonly size: number }[] = [];

for (const kind of KINDS) report(kind, measureFiles(kind));
report(FUNCTION, functions);

function measureFiles(kind: Kind): { readonly where: string; readonly size: number }[] {
  const files = globSync([...kind.patterns], { cwd: root }).filter((file) => !file.includes('/generated/') && !seen.has(file));
  return files.map((file) => {
    seen.add(file);
    const text = readFileSync(join(root, file), 'utf8');
    if (kind.name !== 'test')
      functions.push(...measureFunctions(text).map((one) => ({ where: `${file}:${one.line} ${one.name}`, size: one.lines })));
    return { where: file, size: text.split('\n').filter((line) => line.trim() !== '').length };
  });
}

function report(
  { name, aim, p90, lookAgain }: Kind,
  measured: readonly { readonly where: string; readonly size: number }[],
): void {
  const sizes = measured.map((one) => one.size).sort((a, b) => a - b);
  const at = (share: number) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))] ?? 0;
  process.stdout.write(
    `${name.padEnd(18)} ${String(sizes.length).padStart(5)}  median ${String(at(0.5)).padStart(3)} (aim ${aim})  p90 ${String(at(0.9)).padStart(3)} (aim ${p90})\n`,
  );
  const large = measured.filter((one) => one.size > lookAgain).sort((a, b) => b.size - a.size);
  for (const one of large) process.stdout.write(`  look again: ${one.where} (${one.size} lines)\n`);
}
