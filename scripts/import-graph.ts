import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Reads which file imports what, from the text of our sources. */

/** One import statement, as written. */
export interface ImportStatement {
  readonly specifier: string;
  /** Leaves no trace at run time. */
  readonly isTypeOnly: boolean;
}

/** One import, resolved. */
export interface ImportEdge {
  /** Path from the root folder. */
  readonly from: string;
  /** Path from the root folder for a file of ours, the package's name for anything else; Node's own modules are left out. */
  readonly to: string;
  readonly isOurs: boolean;
  readonly isTypeOnly: boolean;
}

export interface SourceFile {
  readonly path: string;
  readonly isClient: boolean;
  readonly edges: readonly ImportEdge[];
}

const SOURCES = ['app/**/*.{ts,tsx}', 'lib/**/*.ts', 'workers/**/*.ts'];
const LEFT_OUT = /\.test\.tsx?$|\/generated\/|\.d\.ts$/;

/** All sources under `root` except tests and generated code, which may import anything. */
export function readSources(root: string): readonly SourceFile[] {
  return globSync(SOURCES, { cwd: root })
    .filter((path) => !LEFT_OUT.test(path))
    .sort()
    .map((path) => readSource(root, path));
}

function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const edges = readImports(text).flatMap((statement) => resolveImport(root, path, statement) ?? []);
  return { path, isClient: /^\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/.*\n\s*)*['"]use client['"]/.test(text), edges };
}

const FROM = /(?:^|[\n;}])\s*(import|export)\s+(type\s+)?([\w*$\s{},]+?)\s*\bfrom\s*['"]([^'"\n]+)['"]/g;
const BARE = /(?:^|[\n;])\s*import\s*['"]([^'"\n]+)['"]/g;
const DYNAMIC = /(typeof\s+)?\bimport\(\s*['"]([^'"\n]+)['"]/g;

/** The import statements of a source text; comments do not count. */
export function readImports(text: string): readonly ImportStatement[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(^|[\s;{}(,])\/\/.*$/gm, '$1');
  const statements = [...code.matchAll(FROM)].map(([, , type, names = '', specifier = '']) => ({
    specifier,
    isTypeOnly: type !== undefined || hasOnlyTypes(names),
  }));
  const bare = [...code.matchAll(BARE)].map(([, specifier = '']) => ({ specifier, isTypeOnly: false }));
  const dynamic = [...code.matchAll(DYNAMIC)].map(([, type, specifier = '']) => ({ specifier, isTypeOnly: type !== undefined }));
  return [...statements, ...bare, ...dynamic];
}

function hasOnlyTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  const parts =
    inner
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '') ?? [];
  return parts.length > 0 && parts.every((part) => part.startsWith('type '));
}

function resolveImport(root: string, from: string, { specifier, isTypeOnly }: ImportStatement): ImportEdge | null {
  if (specifier.startsWith('node:')) return null;
  const inside = specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? join(dirname(from), specifier)
      : null;
  if (inside === null) return { from, to: packageName(specifier), isOurs: false, isTypeOnly };
  return { from, to: existingFile(root, normalize(inside)), isOurs: true, isTypeOnly };
}

/** Next's own resolver lets app files leave out the ending. */
function existingFile(root: string, path: string): string {
  const candidates = [path, `${path}.ts`, `${path}.tsx`];
  return candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(join(root, candidate))) ?? path;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
