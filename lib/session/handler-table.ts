import type { Handler, Handlers } from './fold-event.ts';

/** One handler for several event types. */
export function forTypes(types: readonly string[], handler: Handler): Handlers {
  return Object.fromEntries(types.map((type) => [type, handler]));
}

/** Joins the handlers of several subjects: for each type, all that want it, in the order of the subjects. */
export function joinHandlers(subjects: readonly Handlers[]): ReadonlyMap<string, readonly Handler[]> {
  const joined = new Map<string, Handler[]>();
  for (const subject of subjects) {
    for (const [type, handler] of Object.entries(subject)) {
      const known = joined.get(type);
      if (known === undefined) joined.set(type, [handler]);
      else known.push(handler);
    }
  }
  return joined;
}
