import type { Env } from './env.ts';

/** Where people reach the dashboard, without a slash at the end: DELTASCOPE_PUBLIC_URL, else what it listens on. */
export function publicUrl(env: Env): string {
  return withoutSlash(env.DELTASCOPE_PUBLIC_URL) ?? dashboardUrl(env);
}

/** Where the dashboard of this machine is, without a slash at the end. */
export function dashboardUrl(env: Env): string {
  return `http://${urlHost(env.DELTASCOPE_HOST)}:${env.DELTASCOPE_PORT}`;
}

/** Where the demo reaches the tap, without a slash at the end: DELTASCOPE_TAP_URL, else what the tap of this machine listens on. */
export function tapUrl(env: Env): string {
  return withoutSlash(env.DELTASCOPE_TAP_URL) ?? `ws://${tapAddress(env).plain}`;
}

/** Where applications reach the tap of this machine, e.g. `127.0.0.1:4100` and `localhost:4143`; for the lines that people are told to paste. */
export interface TapAddress {
  readonly plain: string;
  readonly secure: string;
}

/** The addresses that the tap listens on. The certificate of its own is for `localhost`. */
export function tapAddress(env: Env): TapAddress {
  const host = urlHost(env.DELTASCOPE_TAP_HOST);
  return {
    plain: `${host}:${env.DELTASCOPE_TAP_PORT}`,
    secure: `${host === '127.0.0.1' ? 'localhost' : host}:${env.DELTASCOPE_TAP_TLS_PORT}`,
  };
}

/** How a URL on this machine names an address that something listens on: `0.0.0.0` → `localhost`, `::1` → `[::1]`. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function withoutSlash(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, '');
}
