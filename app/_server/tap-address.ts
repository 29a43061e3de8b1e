import { readEnv } from '#lib/config/env.ts';
import { urlHost } from '#lib/config/public-url.ts';

/** Where applications reach the tap of this machine, e.g. `127.0.0.1:4100` and `localhost:4143`; for the lines that the pages tell people to paste. */
export interface TapAddress {
  readonly plain: string;
  readonly secure: string;
}

/** The tap's addresses by this process's settings. The certificate of its own is for `localhost`. */
export function tapAddress(): TapAddress {
  const env = readEnv();
  const host = urlHost(env.DELTASCOPE_TAP_HOST);
  return {
    plain: `${host}:${env.DELTASCOPE_TAP_PORT}`,
    secure: `${host === '127.0.0.1' ? 'localhost' : host}:${env.DELTASCOPE_TAP_TLS_PORT}`,
  };
}
