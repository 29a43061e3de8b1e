import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = globSync(['*.md', 'docs/**/*.md', '{lib,workers}/*/README.md'], { cwd: ROOT }).sort();

test.each(PAGES)('every file that %s links to exists', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/```[\s\S]*?```/g, '');
  const targets = [...text.matchAll(/\]\((?:<([^>]+)>|([^()\s]+))\)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const files = targets.filter((target) => !/^[a-z]+:|^#/.test(target)).map((target) => target.split('#')[0] ?? '');
  const missing = files.filter((file) => !existsSync(join(ROOT, dirname(page), file)));
  expect(missing).toEqual([]);
});
