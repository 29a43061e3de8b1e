/** A copy of an installed package outside `node_modules`, with links to the packages that it needs. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

/** Written last: a folder that has it is whole. The program tells by it, too, that it runs from such a copy. */
const MARKER = '.unpacked';
/** Links that a package cannot hold, as `{ "path": "target" }`; written when it was packed. */
const LINKS = join('.next', 'deltascope-links.json');

/** Gives the copy of the package at `packaged`, making it where it is missing or the package has changed. */
export function unpack(packaged) {
  const copy = join(cacheFolder(), fingerprint(packaged));
  if (existsSync(join(copy, MARKER))) return copy;
  const partial = `${copy}.${process.pid}`;
  cpSync(packaged, partial, { recursive: true, filter: (path) => !relative(packaged, path).split(sep).includes('node_modules') });
  linkPackages(packaged, join(partial, 'node_modules'));
  restoreLinks(partial);
  writeFileSync(join(partial, MARKER), '');
  try {
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(join(copy, MARKER))) throw error;
  }
  return copy;
}

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache');
  const folder = join(base, 'deltascope');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A name that changes with the place and the contents of the package. */
function fingerprint(packaged) {
  const hash = createHash('sha256').update(packaged);
  const entries = readdirSync(packaged, { recursive: true }).filter((path) => !path.split(sep).includes('node_modules'));
  for (const path of entries.sort()) {
    const { size, mtimeMs } = statSync(join(packaged, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex').slice(0, 24);
}

/** Links each package that the installed one sees: its own first, then those of every `node_modules` above it. */
function linkPackages(packaged, target) {
  const linked = new Set();
  const places = [join(packaged, 'node_modules')];
  for (let at = dirname(packaged); dirname(at) !== at; at = dirname(at)) if (at.endsWith(`${sep}node_modules`)) places.push(at);
  for (const place of places.filter((folder) => existsSync(folder))) {
    for (const name of packageNames(place)) {
      if (linked.has(name)) continue;
      linked.add(name);
      mkdirSync(dirname(join(target, name)), { recursive: true });
      symlinkSync(join(place, name), join(target, name), 'junction');
    }
  }
}

function packageNames(place) {
  const names = readdirSync(place).filter((name) => !name.startsWith('.'));
  return names.flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(place, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

function restoreLinks(root) {
  if (!existsSync(join(root, LINKS))) return;
  for (const [path, target] of Object.entries(JSON.parse(readFileSync(join(root, LINKS), 'utf8')))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    rmSync(join(root, path), { recursive: true, force: true });
    symlinkSync(join(root, dirname(path), target), join(root, path), 'junction');
  }
}
