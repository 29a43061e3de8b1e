import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import type { ConfigDifference } from '#lib/protocol/config-map.ts';
import { canonicalConfig, compareConfig } from '#lib/protocol/config-map.ts';

/** One leaf of a configuration, in today's names. */
export interface ConfigLeaf {
  readonly path: string;
  /** Undefined: not asked for. */
  readonly requested: Json | undefined;
  /** Undefined: the provider does not speak of it. */
  readonly effective: Json | undefined;
  /** `default`: the provider's own, nobody asked for it. */
  readonly verdict: 'same' | 'default' | ConfigDifference['kind'];
}

/** What was asked for beside what holds, leaf by leaf: what differs first, then what was asked for, then defaults. */
export function configLeaves(requested: JsonObject, effective: JsonObject, provider: string): readonly ConfigLeaf[] {
  const asked = leavesOf(canonicalConfig(requested));
  const held = leavesOf(canonicalConfig(effective));
  const differences = new Map(compareConfig(requested, effective, provider).map((each) => [each.path, each]));
  const paths = new Set([...differences.keys(), ...asked.keys(), ...held.keys()]);
  const leaves = [...paths].flatMap((path): ConfigLeaf[] => {
    const difference = differences.get(path);
    if (difference === undefined && isInside(path, differences)) return [];
    return [
      {
        path,
        requested: difference?.requested ?? asked.get(path),
        effective: difference?.kind === 'missing' ? undefined : (difference?.effective ?? held.get(path)),
        verdict: difference?.kind ?? (asked.has(path) ? 'same' : 'default'),
      },
    ];
  });
  return leaves.sort((left, right) => ORDER[left.verdict] - ORDER[right.verdict]);
}

const ORDER: Readonly<Record<ConfigLeaf['verdict'], number>> = { different: 0, missing: 1, same: 2, default: 3 };

/** A difference may be of a whole branch: its leaves say nothing more. */
function isInside(path: string, differences: ReadonlyMap<string, unknown>): boolean {
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    if (differences.has(path.slice(0, dot))) return true;
  }
  return false;
}

/** The leaves of a configuration by their path, e.g. `audio.output.voice`. */
export function leavesOf(value: JsonObject, path = '', into = new Map<string, Json>()): Map<string, Json> {
  for (const [key, inner] of Object.entries(value)) {
    const where = path === '' ? key : `${path}.${key}`;
    if (isJsonObject(inner) && Object.keys(inner).length > 0) leavesOf(inner, where, into);
    else into.set(where, inner);
  }
  return into;
}
