import { assert } from '#lib/base/assert.ts';
import { allEntries } from '#lib/protocol/catalogue.ts';
import type { EventType } from '#lib/protocol/generated/event-types.ts';

const KNOWN = new Set(allEntries().map((entry) => entry.canonicalType));

/** Types that come from data (families), checked against the catalogue once, when a rule is loaded; each once. */
export function eventTypes(types: readonly string[]): readonly EventType[] {
  for (const type of types) assert(KNOWN.has(type), `The catalogue has no event type ${type}.`);
  return [...new Set(types)] as EventType[];
}
