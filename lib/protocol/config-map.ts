import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
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
