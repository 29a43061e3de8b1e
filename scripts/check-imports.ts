/** Fails naming every import that breaks `import-rules.json`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSources } from './import-graph.ts';
import type { ImportRules } from './import-law.ts';
import { judgeImports } from './import-law.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const rules: ImportRules = JSON.parse(readFileSync(new URL('import-rules.json', import.meta.url), 'utf8'));
const sources = readSources(root);
const broken = judgeImports(sources, rules);
for (const sentence of broken) process.stdout.write(`${sentence}\n`);
const imports = sources.reduce((sum, file) => sum + file.edges.length, 0);
process.stdout.write(
  `${sources.length} files, ${imports} imports, ${broken.length} against the rules, ${rules.debt.length} in debt\n`,
);
process.exitCode = broken.length === 0 ? 0 : 1;
