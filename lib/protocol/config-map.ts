import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject, objectAt, sameJson, stringAt } from '#lib/base/json.ts';
import mapFile from './data/config-map.json' with { type: 'json' };
import type { Path } from './path.ts';
import { compilePath, readPath } from './path.ts';

/** One field that has another place in GA than it had in beta. */
export interface ConfigRename {
  readonly beta: string;
  readonly ga: string;
  /** Beta value → GA value, where the value changed too. */
  readonly values?: Readonly<Record<string, Json>>;
}

/** The field map of session objects, beta → GA. */
export const CONFIG_RENAMES: readonly ConfigRename[] = mapFile.renames as unknown as ConfigRename[];

/** Fields of a session that exist in the GA shape only; sent to a beta server they are refused, and the reverse. */
export const GA_ONLY_FIELDS: readonly string[] = mapFile.gaOnly;

/** Fields of a session that exist in the beta shape only. */
export const BETA_ONLY_FIELDS: readonly string[] = mapFile.betaOnly;

/** GA paths that servers do not echo faithfully even when all was applied. */
export const NOT_ECHOED: readonly string[] = mapFile.notEchoed;

/** GA paths that some servers leave out of their answer; where they speak of them, they mean it. */
const NOT_ALWAYS_ECHOED: readonly string[] = mapFile.notAlwaysEchoed;

/** GA paths that `null` switches off; elsewhere it asks for the server's own value. */
const OFF_BY_NULL: readonly string[] = mapFile.offByNull;

const RENAMES = CONFIG_RENAMES.map((rename) => ({ ...rename, gaPath: compilePath(rename.ga) }));

/**
 * A session (or `response.create`) object in the GA shape, whichever shape it came in. What the map does not name stays
 * where it is; where both shapes name a field, the GA one wins. The argument is not changed.
 */
export function canonicalConfig(config: JsonObject): JsonObject {
  const result: JsonObject = { ...config };
  for (const { beta, gaPath, values } of RENAMES) {
    const value = config[beta];
    if (value === undefined) continue;
    delete result[beta];
    if (readPath(config, gaPath) === undefined) setPath(result, gaPath, translate(value, values));
  }
  return result;
}

/** A list is looked up by its members in order of the alphabet; an unlisted value stays as it is. */
function translate(value: Json, values: Readonly<Record<string, Json>> | undefined): Json {
  if (values === undefined) return value;
  const key = Array.isArray(value) ? value.map(String).sort().join(',') : String(value);
  return Object.hasOwn(values, key) ? (values[key] as Json) : value;
}

/** Sets a value deep in `target`, copying each object on the way so that the original stays untouched. */
function setPath(target: JsonObject, path: Path, value: Json): void {
  let holder = target;
  for (const segment of path.slice(0, -1)) {
    const inner = holder[segment];
    const copy: JsonObject = isJsonObject(inner) ? { ...inner } : {};
    holder[segment] = copy;
    holder = copy;
  }
  holder[path[path.length - 1] as string] = value;
}

/** One leaf that the client asked for and the server answered otherwise. Paths are in the GA shape. */
export interface ConfigDifference {
  readonly path: string;
  readonly requested: Json;
  /** Null where the answer has nothing at that path. */
  readonly effective: Json;
  /** `missing`: the answer does not speak of it (xAI does not echo tools, say). `different`: it says something else. */
  readonly kind: 'missing' | 'different';
}

/** Depth to which configurations are compared; deeper values (a tool's JSON schema) are compared as text. */
const MAX_DEPTH = 12;

/**
 * Compares leaf by leaf what the client sent with what the server says is in force, in either shape. Only what the client
 * sent counts: defaults that the server fills in are no difference, nor is what `null` asks it to fill in. Not compared: secrets,
 * `tracing`, what servers are known not to echo, what this provider (see `SessionView`) takes otherwise. Equal enough: a voice as text or
 * `{id}`, a model alias and its snapshot, a number after 32-bit rounding, a text but for the blanks at its ends.
 */
export function compareConfig(requested: JsonObject, effective: JsonObject, provider: string): ConfigDifference[] {
  const differences: ConfigDifference[] = [];
  const answer = canonicalConfig(effective);
  compareObject(canonicalConfig(requested), answer, '', 0, differences);
  return differences.filter((difference) => !isExpected(difference, answer) && !isProvidersOwn(difference, provider));
}

/**
 * Empty instructions ask for the server's own. A model is chosen by the URL, and elsewhere than at OpenAI its name is an alias or a
 * deployment. xAI echoes only some fields, and those that it does not echo are in force all the same.
 */
function isProvidersOwn({ path, requested, effective, kind }: ConfigDifference, provider: string): boolean {
  if (path === 'instructions' && (requested === '' || requested === null)) return true;
  if (/(^|\.)model$/.test(path) && provider !== 'openai' && provider !== 'simulator') return true;
  return provider === 'xai' && (kind === 'missing' || effective === null);
}

function isExpected(difference: ConfigDifference, answer: JsonObject): boolean {
  const { path, kind } = difference;
  if (NOT_ECHOED.some((quiet) => path === quiet || path.startsWith(`${quiet}.`))) return true;
  if (kind === 'missing' && NOT_ALWAYS_ECHOED.includes(path)) return true;
  // Secrets of MCP servers: OpenAI answers `https://example.com/<redacted>`.
  if (path.startsWith('tools.') && /\.(authorization|headers|server_url)(\.|$)/.test(path)) return true;
  // Beta servers have no session type.
  return path === 'type' && answer['type'] === undefined;
}

function compareObject(
  requested: JsonObject,
  effective: JsonObject,
  path: string,
  depth: number,
  into: ConfigDifference[],
): void {
  for (const [key, value] of Object.entries(requested)) {
    const where = path === '' ? key : `${path}.${key}`;
    compareValue(value, Object.hasOwn(effective, key) ? effective[key] : undefined, where, depth + 1, into);
  }
}

function compareValue(requested: Json, effective: Json | undefined, path: string, depth: number, into: ConfigDifference[]): void {
  if (isCleared(requested) && isCleared(effective)) return;
  if (requested === null && !OFF_BY_NULL.includes(path)) return;
  if (path === 'tools' && Array.isArray(requested) && Array.isArray(effective)) compareTools(requested, effective, depth, into);
  else if (isJsonObject(requested) && (effective === undefined || isJsonObject(effective)) && depth < MAX_DEPTH) {
    compareObject(requested, effective ?? {}, path, depth, into);
  } else if (!isSame(requested, effective, path)) {
    into.push({ path, requested, effective: effective ?? null, kind: effective === undefined ? 'missing' : 'different' });
  }
}

/** `null`, an empty text, an empty list and (of turn detection) the type `none` all mean that a field is switched off, and absence says the same. */
function isCleared(value: Json | undefined): boolean {
  const isEmpty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return isEmpty || stringAt(value, 'type') === 'none';
}

/** Tools are matched by what names them, since a server may order them otherwise. */
function compareTools(requested: readonly Json[], effective: readonly Json[], depth: number, into: ConfigDifference[]): void {
  requested.forEach((tool, index) => {
    const name = toolName(tool);
    const answer = name === undefined ? effective[index] : effective.find((one) => toolName(one) === name);
    compareValue(tool, answer ?? null, `tools.${name ?? index}`, depth + 1, into);
  });
}

function toolName(tool: Json): string | undefined {
  const name = stringAt(tool, 'name') ?? stringAt(objectAt(tool, 'function'), 'name');
  return name ?? stringAt(tool, 'server_label') ?? stringAt(tool, 'type');
}

function isSame(requested: Json, effective: Json | undefined, path: string): boolean {
  if (effective === undefined) return false;
  if (typeof requested === 'number' && typeof effective === 'number') return isClose(requested, effective);
  if (path === 'audio.output.voice') return voiceName(requested) === voiceName(effective);
  if (typeof requested === 'string' && typeof effective === 'string') {
    return requested.trim() === effective.trim() || (/(^|\.)model$/.test(path) && isSnapshotOf(requested, effective));
  }
  if (Array.isArray(requested) && Array.isArray(effective)) return isSameList(requested, effective);
  return sameJson(requested, effective);
}

/** Some servers keep 0.8 in 32 bits and answer 0.800000011920929. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}

function voiceName(voice: Json): string {
  const name = stringAt(voice, 'id') ?? stringAt(voice, 'name') ?? JSON.stringify(voice).replaceAll('"', '');
  return name.toLowerCase();
}

function isSnapshotOf(alias: string, snapshot: string): boolean {
  return snapshot.startsWith(`${alias}-`);
}

/** In any order. */
function isSameList(requested: readonly Json[], effective: readonly Json[]): boolean {
  return requested.length === effective.length && requested.every((one) => effective.some((other) => sameJson(one, other)));
}
