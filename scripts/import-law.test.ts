import { expect, test } from 'vitest';
import type { SourceFile } from './import-graph.ts';
import type { ImportRules } from './import-law.ts';
import { judgeImports } from './import-law.ts';

const RULES: ImportRules = {
  folders: {
    'lib/base': [],
    'lib/session': ['lib/base'],
    'lib/live': ['lib/session (types)'],
    'lib/store': ['lib/base'],
    'app (server)': ['app (client)', 'lib/store'],
    'app (client)': ['lib/base'],
  },
  packages: { pg: ['lib/store'] },
  debt: [],
};

test('an import that the table allows is fine, one that it does not is named with what is allowed', () => {
  const files = [
    file('lib/session/fold.ts', ['lib/base/json.ts', 'lib/store/read.ts']),
    file('lib/base/json.ts'),
    file('lib/store/read.ts'),
  ];
  expect(judgeImports(files, RULES)).toEqual(['lib/session/fold.ts → lib/store/read.ts: lib/session may import lib/base']);
});

test('a folder that may import types may not import values', () => {
  const files = [file('lib/live/a.ts', ['type lib/session/view.ts']), file('lib/live/b.ts', ['lib/session/view.ts'])];
  expect(judgeImports(files, RULES)).toEqual(['lib/live/b.ts → lib/session/view.ts: lib/live may import lib/session (types)']);
});

test('a page that runs on the server may read the store, but not once a client component imports it', () => {
  const page = file('app/page.tsx', ['lib/store/read.ts']);
  expect(judgeImports([page], RULES)).toEqual([]);
  const button: SourceFile = { ...file('app/button.tsx', ['app/page.tsx']), isClient: true };
  expect(judgeImports([page, button], RULES)).toEqual(['app/page.tsx → lib/store/read.ts: app (client) may import lib/base']);
});

test('a package with an owner may not be imported elsewhere', () => {
  expect(judgeImports([file('lib/session/a.ts', ['pkg pg'])], RULES)).toEqual([
    'lib/session/a.ts → pg: only lib/store may import this package',
  ]);
});

test('a ring of files is an error, and reported once', () => {
  const files = [file('lib/base/a.ts', ['lib/base/b.ts']), file('lib/base/b.ts', ['type lib/base/a.ts'])];
  expect(judgeImports(files, RULES)).toEqual(['cycle: lib/base/a.ts → lib/base/b.ts → lib/base/a.ts']);
});

test('an exception counts while it is needed, and must go when it is not', () => {
  const debt = [{ from: 'lib/session/a.ts', to: 'lib/store/b.ts', reason: 'until the move' }];
  expect(judgeImports([file('lib/session/a.ts', ['lib/store/b.ts'])], { ...RULES, debt })).toEqual([]);
  expect(judgeImports([file('lib/session/a.ts')], { ...RULES, debt })).toEqual([
    'debt is paid, remove the line: lib/session/a.ts → lib/store/b.ts',
  ]);
});

test('a folder that the table does not know is an error', () => {
  expect(judgeImports([file('lib/extra/a.ts', ['lib/base/b.ts'])], RULES)).toEqual([
    'lib/extra/a.ts: the folder lib/extra is not in the table',
  ]);
});

/** A source with imports: a path, `type <path>` or `pkg <name>`. */
function file(path: string, imports: readonly string[] = []): SourceFile {
  const edges = imports.map((text) => ({
    from: path,
    to: text.replace(/^(type|pkg) /, ''),
    isOurs: !text.startsWith('pkg '),
    isTypeOnly: text.startsWith('type '),
  }));
  return { path, isClient: false, edges };
}
