import type { ImportEdge, SourceFile } from './import-graph.ts';

/** Judges an import graph by the table in `import-rules.json`. Pure. */

export interface ImportRules {
  readonly folders: Readonly<Record<string, readonly string[]>>;
  /** Who may import a package; a package that is not listed is open to all. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly debt: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

/** Sentences, one per broken rule; empty where all is well. */
export function judgeImports(files: readonly SourceFile[], rules: ImportRules): readonly string[] {
  const clients = clientFiles(files);
  const roomOf = (path: string) => room(path, clients);
  const edges = files.flatMap((file) => file.edges);
  const broken = edges.flatMap((edge) => (isDebt(edge, rules) ? [] : judgeEdge(edge, roomOf, rules)));
  const idle = rules.debt
    .filter((debt) => !edges.some((edge) => edge.from === debt.from && edge.to === debt.to))
    .map((debt) => `debt is paid, remove the line: ${debt.from} → ${debt.to}`);
  return [...new Set([...broken, ...idle, ...findCycles(files).map((cycle) => `cycle: ${cycle.join(' → ')}`)])];
}

function judgeEdge(edge: ImportEdge, roomOf: (path: string) => string, rules: ImportRules): readonly string[] {
  const from = roomOf(edge.from);
  const allowed = rules.folders[from];
  if (allowed === undefined) return [`${edge.from}: the folder ${from} is not in the table`];
  if (!edge.isOurs) return judgePackage(edge, from, rules);
  const to = roomOf(edge.to);
  if (from === to || allowed.includes(to)) return [];
  if (edge.isTypeOnly && (allowed.includes(`${to} (types)`) || to.startsWith('app'))) return [];
  return [`${edge.from} → ${edge.to}: ${from} may import ${allowed.join(', ') || 'nothing of ours'}`];
}

function judgePackage(edge: ImportEdge, from: string, rules: ImportRules): readonly string[] {
  const allowed = rules.packages[edge.to];
  if (allowed === undefined || allowed.includes(from) || edge.isTypeOnly) return [];
  return [`${edge.from} → ${edge.to}: only ${allowed.join(', ')} may import this package`];
}

function isDebt(edge: ImportEdge, rules: ImportRules): boolean {
  return rules.debt.some((debt) => debt.from === edge.from && debt.to === edge.to);
}

/** The line of the table that a file belongs to: two folders deep, and app files by where they run. */
function room(path: string, clients: ReadonlySet<string>): string {
  if (path.startsWith('app/')) return clients.has(path) ? 'app (client)' : 'app (server)';
  return path.split('/').slice(0, 2).join('/');
}

/** App files that reach the browser: marked `use client`, or imported from there. */
function clientFiles(files: readonly SourceFile[]): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const waiting = files.filter((file) => file.isClient).map((file) => file.path);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path) || !path.startsWith('app/')) continue;
    reached.add(path);
    for (const edge of byPath.get(path)?.edges ?? []) if (edge.isOurs && !edge.isTypeOnly) waiting.push(edge.to);
  }
  return reached;
}

/** Each ring of files that import one another, be it types only, once, starting at its first file by name. */
function findCycles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const targets = new Map(files.map((file) => [file.path, file.edges.filter((edge) => edge.isOurs).map((edge) => edge.to)]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    for (const next of targets.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const file of files) walk(file.path, []);
  return cycles;
}
