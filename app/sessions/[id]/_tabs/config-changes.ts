import type { Json, JsonObject } from '#lib/base/json.ts';
import { canonicalConfig } from '#lib/protocol/config-map.ts';
import { leavesOf } from './config-leaves.ts';

/** One leaf that an update sets otherwise than it stood before, in today's names. */
export interface ConfigChange {
  readonly path: string;
  /** Undefined: it was not there. */
  readonly before: Json | undefined;
  /** Undefined: it is not there any more. */
  readonly after: Json | undefined;
}

/** Leaves that say nothing of the configuration and change with every message. */
const PASSING: ReadonlySet<string> = new Set(['expires_at', 'id', 'object']);

/**
 * What a configuration changes of the one before it. `isWhole`: it is all of a configuration, as the provider reports it, so what it
 * does not name is gone; a request names only what is to change.
 */
export function configChanges(before: JsonObject, after: JsonObject, isWhole: boolean): readonly ConfigChange[] {
  const held = leavesOf(canonicalConfig(before));
  const next = leavesOf(canonicalConfig(after));
  const paths = isWhole ? new Set([...held.keys(), ...next.keys()]) : new Set(next.keys());
  return [...paths]
    .filter((path) => !PASSING.has(path) && JSON.stringify(held.get(path)) !== JSON.stringify(next.get(path)))
    .map((path) => ({ path, before: held.get(path), after: next.get(path) }));
}
