import { readEnv } from '#lib/config/env.ts';
import type { TapAddress } from '#lib/config/public-url.ts';
import { tapAddress as addressUnder } from '#lib/config/public-url.ts';

/** The tap's addresses by this process's settings. */
export function tapAddress(): TapAddress {
  return addressUnder(readEnv());
}
