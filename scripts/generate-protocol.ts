import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogueAbout } from './protocol-pages.ts';
import { renderPages } from './protocol-pages.ts';
import { catalogueSchema } from './protocol-schema.ts';

/**
 * Writes what is derived from the protocol catalogue: `docs/protocol/*.md` and the catalogue's JSON Schema.
 * With `--check` it writes nothing and fails if a file is not as it would write it.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CATALOGUE = join(ROOT, 'lib', 'protocol', 'catalogue');
const SCHEMA = join(ROOT, 'lib', 'protocol', 'generated', 'catalogue.schema.json');
const DOCS = join(ROOT, 'docs', 'protocol');

/** The catalogue's files, OpenAI's first. */
function readAbouts(): CatalogueAbout[] {
  const names = readdirSync(CATALOGUE).filter((name) => name.endsWith('.json'));
  const rank = (name: string) => (name.startsWith('openai-') ? 0 : 1);
  return names.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).map(readAbout);
}

function readAbout(name: string): CatalogueAbout {
  const file = JSON.parse(readFileSync(join(CATALOGUE, name), 'utf8')) as Omit<CatalogueAbout, 'name' | 'types'> & {
    entries: { type: string }[];
  };
  const types = file.entries.map((entry) => entry.type);
  return { name: name.replace('.json', ''), about: file.about, source: file.source, group: file.group, types };
}

/** Path → text of every derived file. */
function derivedFiles(): Map<string, string> {
  const files = new Map(renderPages(readAbouts()).map((page) => [join(DOCS, page.file), page.text]));
  return files.set(SCHEMA, `${JSON.stringify(catalogueSchema(), null, 2)}\n`);
}

function currentText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Pages that nothing writes any more. */
function strangers(files: ReadonlyMap<string, string>): string[] {
  const present = readdirSync(DOCS).map((name) => join(DOCS, name));
  return present.filter((path) => !files.has(path));
}

function main(check: boolean): number {
  for (const folder of [DOCS, dirname(SCHEMA)]) mkdirSync(folder, { recursive: true });
  const files = derivedFiles();
  const stale = [...files].filter(([path, text]) => currentText(path) !== text).map(([path]) => path);
  const wrong = [...stale, ...strangers(files)].map((path) => path.slice(ROOT.length + 1));
  if (!check) for (const [path, text] of files) writeFileSync(path, text);
  const verb = check ? 'Not as generated' : 'Wrote';
  process.stdout.write(
    wrong.length === 0 ? 'The protocol pages are up to date.\n' : wrong.map((path) => `${verb}: ${path}\n`).join(''),
  );
  return check && wrong.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.includes('--check'));
