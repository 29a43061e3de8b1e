import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Writes a generated file; with `--check` on the command line it is only compared, and the process fails where it is out of date.
 * @param path from the root folder.
 */
export function writeOrCheck(path: string, text: string): void {
  const file = `${ROOT}${path}`;
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (process.argv.includes('--check')) {
    process.stdout.write(
      `${path} is ${isCurrent ? 'up to date' : `out of date: node ${relative(ROOT, process.argv[1] ?? '')}`}\n`,
    );
    if (!isCurrent) process.exitCode = 1;
  } else if (!isCurrent) {
    writeFileSync(file, text);
    process.stdout.write(`${path} written\n`);
  }
}
