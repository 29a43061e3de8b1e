import { DeltascopeError } from '#lib/base/errors.ts';
import { readEnv } from '#lib/config/env.ts';
import type { Store } from './connect.ts';
import { connectStore } from './connect.ts';

/** On `globalThis`: the dashboard's server and the bundle that Next made of the pages are two copies of this module in one process. */
const KEY = Symbol.for('deltascope.store');
const holder = globalThis as { [KEY]?: Store };

/** Hands the process's one store to the pages and the API. */
export function shareStore(store: Store): void {
  holder[KEY] = store;
}

/** The process's one store: the one that was shared, else one of its own by DATABASE_URL. */
export function sharedStore(): Store {
  holder[KEY] ??= connectStore({ url: urlFromEnv() });
  return holder[KEY];
}

function urlFromEnv(): string {
  const { DATABASE_URL } = readEnv();
  if (DATABASE_URL === undefined) throw new DeltascopeError('DS_STORE_UNREACHABLE', 'DATABASE_URL is not set.');
  return DATABASE_URL;
}
