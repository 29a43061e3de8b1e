/** What must hold for a `package-lock.json` that installs everywhere. Pure. */

export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/**
 * Sentences, one per problem. A registry that lags leaves an optional platform package out, or leaves it without a version, and then
 * `npm ci` fails on every machine; a `resolved` address ties everyone to the registry of whoever wrote the file.
 */
export function judgeLock(lock: LockFile): readonly string[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) => (path === '' ? [] : judgeEntry(path, entry, lock)));
}

function judgeEntry(path: string, entry: LockEntry, lock: LockFile): readonly string[] {
  const wanted = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
  const missing = wanted.filter((name) => !resolves(path, name, lock));
  return [
    ...(entry.version === undefined ? [`${path} has no version`] : []),
    ...(entry.resolved === undefined ? [] : [`${path} names a host: ${new URL(entry.resolved).host}`]),
    ...(entry.integrity === undefined && entry.inBundle !== true ? [`${path} has no integrity hash`] : []),
    ...missing.map((name) => `${path} needs ${name}, which the file lacks`),
  ];
}

/** Whether Node would find `name` from the folder `path`, going up. */
function resolves(path: string, name: string, lock: LockFile): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at}${at === '' ? '' : '/'}node_modules/${name}` in lock.packages) return true;
    if (at === '') return false;
  }
}
