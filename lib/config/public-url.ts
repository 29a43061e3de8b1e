import type { Env } from './env.ts';

/** Where people reach the dashboard, without a slash at the end: DELTASCOPE_PUBLIC_URL, else what it listens on. */
export function publicUrl(env: Env): string {
  return withoutSlash(env.DELTASCOPE_PUBLIC_URL) ?? `http://${urlHost(env.DELTASCOPE_HOST)}:${env.DELTASCOPE_PORT}`;
}

/** Where the demo reaches the tap, without a slash at the end: DELTASCOPE_TAP_URL, else what the tap of this machine listens on. */
export function tapUrl(env: Env): string {
  return withoutSlash(env.DELTASCOPE_TAP_URL) ?? `ws://${urlHost(env.DELTASCOPE_TAP_HOST)}:${env.DELTASCOPE_TAP_PORT}`;
}

/** How a URL on this machine names an address that something listens on: `0.0.0.0` → `localhost`, `::1` → `[::1]`. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function withoutSlash(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, '');
}
