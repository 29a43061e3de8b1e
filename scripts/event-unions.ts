/**
 * Reads event types out of a package's type declarations, without the TypeScript compiler (version 7 has no JavaScript API).
 * It knows just what those generated files contain: interfaces, namespaces, and unions of interface names.
 */

/** An interface of a declaration file: its full name, what it extends, and the text literals of its `type`. */
export interface DeclaredInterface {
  readonly name: string;
  readonly extends: string | null;
  readonly types: readonly string[];
}

/** What a declaration file says that matters here. */
export interface Declarations {
  readonly interfaces: ReadonlyMap<string, DeclaredInterface>;
  /** Name of a union → the names of its members. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
}

/** Reads the text of one declaration file. */
export function readDeclarations(source: string): Declarations {
  const lines = source.replace(/\/\*[\s\S]*?\*\//g, '').split('\n');
  const interfaces = new Map<string, DeclaredInterface>();
  const unions = new Map<string, readonly string[]>();
  /** Names of the namespaces and interfaces that are open, outermost first, with the depth of their braces. */
  const open: { name: string; kind: string; depth: number }[] = [];
  let depth = 0;
  for (const line of lines) {
    const union = /^\s*export type (\w+) = ([\w.]+(?: \| [\w.]+)*);/.exec(line);
    if (union !== null) unions.set(qualify(open, union[1] ?? ''), (union[2] ?? '').split(' | '));
    const head = /^\s*(?:export )?(?:declare )?(interface|namespace) (\w+)(?: extends ([\w.]+))?/.exec(line);
    if (head !== null) {
      const name = qualify(open, head[2] ?? '');
      open.push({ name: head[2] ?? '', kind: head[1] ?? '', depth });
      if (head[1] === 'interface') interfaces.set(name, { name, extends: head[3] ?? null, types: [] });
    }
    addTypes(interfaces, open, depth, line);
    depth += count(line, '{') - count(line, '}');
    while (open.length > 0 && depth <= (open.at(-1)?.depth ?? 0)) open.pop();
  }
  return { interfaces, unions };
}

/** Notes the `type` of the innermost interface, if the line declares one directly in it. */
function addTypes(
  interfaces: Map<string, DeclaredInterface>,
  open: readonly { name: string; kind: string; depth: number }[],
  depth: number,
  line: string,
): void {
  const innermost = open.at(-1);
  const declared = /^\s*type\??: ((?:'[^']*'(?: \| )?)+);/.exec(line);
  if (declared === null || innermost?.kind !== 'interface' || depth !== innermost.depth + 1) return;
  const name = qualify(open, null);
  const known = interfaces.get(name);
  const types = [...(declared[1] ?? '').matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  if (known !== undefined) interfaces.set(name, { ...known, types });
}

function qualify(open: readonly { name: string }[], name: string | null): string {
  return [...open.map((one) => one.name), ...(name === null ? [] : [name])].join('.');
}

function count(line: string, character: string): number {
  return line.split(character).length - 1;
}

/** The literals of every member of a union, members that are unions or extensions included. */
export function typesOfUnion(declarations: Declarations, union: string): readonly string[] {
  const members = declarations.unions.get(union) ?? [];
  return [...new Set(members.flatMap((member) => typesOfName(declarations, member)))];
}

function typesOfName(declarations: Declarations, name: string): readonly string[] {
  // Inside a package a module may call itself by its own name, e.g. `ResponsesAPI.ResponseCreatedEvent`.
  const bare = declarations.interfaces.has(name) || declarations.unions.has(name) ? name : name.replace(/^\w+API\./, '');
  if (declarations.unions.has(bare)) return typesOfUnion(declarations, bare);
  const found = declarations.interfaces.get(bare);
  if (found === undefined) return [];
  return found.types.length > 0 || found.extends === null ? found.types : typesOfName(declarations, found.extends);
}

/** Every dotted literal of the file: event types have dots, kinds of items and tools have none. */
export function dottedTypes(declarations: Declarations): readonly string[] {
  const all = [...declarations.interfaces.values()].flatMap((one) => one.types);
  return [...new Set(all.filter((type) => type.includes('.')))];
}
