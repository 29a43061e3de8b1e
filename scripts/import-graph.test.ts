import { expect, test } from 'vitest';
import { readImports } from './import-graph.ts';

test('an import over several lines, a re-export, a bare and a dynamic import are all found', () => {
  const text = `import {
  a,
  b,
} from './one.ts';
export { c } from '#lib/two.ts';
import './three.css';
const four = await import('four');
`;
  expect(readImports(text).map((statement) => statement.specifier)).toEqual(['./one.ts', '#lib/two.ts', './three.css', 'four']);
});

test('an import that only takes types is told apart', () => {
  const text = `import type { A } from './a.ts';
import { type B, type C } from './b.ts';
import { type D, e } from './d.ts';
type F = typeof import('./f.ts');
`;
  expect(readImports(text)).toEqual([
    { specifier: './a.ts', isTypeOnly: true },
    { specifier: './b.ts', isTypeOnly: true },
    { specifier: './d.ts', isTypeOnly: false },
    { specifier: './f.ts', isTypeOnly: true },
  ]);
});

test('what stands in a comment is no import', () => {
  expect(
    readImports(`// import { a } from './a.ts';\n/* import './b.ts'; */\nconst url = 'https://x'; // see import('./c.ts')\n`),
  ).toEqual([]);
});
