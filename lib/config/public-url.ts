import type { Env } from './env.ts';

/** Where people reach the dashboard, without a slash at the end: DELTASCOPE_PUBLIC_URL, else what it listens on. */
export function publicUrl(env: Env): string {
  if (env.DELTASCOPE_PUBLIC_URL !== undefined) return env.DELTASCOPE_PUBLIC_URL.replace(/\/+$/, '');
  const host = env.DELTASCOPE_HOST === '0.0.0.0' || env.DELTASCOPE_HOST === '::' ? 'localhost' : env.DELTASCOPE_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${env.DELTASCOPE_PORT}`;
}
