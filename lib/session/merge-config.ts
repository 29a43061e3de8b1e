import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';

/**
 * One configuration with a partial update over it: what the update leaves out stays, objects merge key by key,
 * everything else (also `null` and lists) replaces. Neither argument is changed.
 */
export function mergeConfig(base: JsonObject | null, update: JsonObject): JsonObject {
  if (base === null) return update;
  const merged = new Map<string, Json>(Object.entries(base));
  for (const [key, value] of Object.entries(update)) merged.set(key, mergeValue(merged.get(key), value));
  return Object.fromEntries(merged);
}

function mergeValue(base: Json | undefined, update: Json): Json {
  return isJsonObject(base) && isJsonObject(update) ? mergeConfig(base, update) : update;
}
