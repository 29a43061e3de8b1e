import type { Json, JsonObject } from '#lib/base/json.ts';
import { canonicalConfig, compareConfig } from '#lib/protocol/config-map.ts';
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

/** The provider that takes everything as it is written: what changed is shown, whoever makes little of it. */
const AS_WRITTEN = 'openai';

/**
 * What a configuration changes of the one before it. `isWhole`: it is all of a configuration, as the provider reports it, so what it
 * does not name is gone; a request names only what is to change. What `compareConfig` takes for equal is no change.
 */
export function configChanges(before: JsonObject, after: JsonObject, isWhole: boolean): readonly ConfigChange[] {
  const held = leavesOf(canonicalConfig(before));
  const next = leavesOf(canonicalConfig(after));
  const set = compareConfig(after, before, AS_WRITTEN).map(({ path, requested, effective }) => ({
    path,
    before: effective ?? held.get(path),
    after: requested,
  }));
  // Compared the other way round: what is not there any more, or is null by name.
  const cleared = compareConfig(before, after, AS_WRITTEN)
    .filter(({ path, effective }) => effective === null && (isWhole || next.has(path)))
    .map(({ path, requested }) => ({ path, before: requested, after: next.get(path) }));
  const changes = new Map([...set, ...cleared].map((change) => [change.path, change]));
  return [...changes.values()].filter(({ path }) => !PASSING.has(path));
}
