import { isIPv4, isIPv6 } from 'node:net';
import { DeltascopeError } from '#lib/base/errors.ts';

/**
 * Begins the names of the dashboard's cookies. Browsers send cookies to every port of a host, so the tap beside it must know them too: they
 * are not for the provider.
 */
export const COOKIE_PREFIX = 'deltascope';

/** Whether an address or host name can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIPv4(bare)) return bare.startsWith('127.');
  if (isIPv6(bare)) return bare === '::1' || bare.startsWith('::ffff:127.');
  return bare === 'localhost' || bare.endsWith('.localhost');
}

export interface Binding {
  /** Address that the worker is about to listen on. */
  readonly host: string;
  /** Whether whoever reaches it must authenticate. */
  readonly isProtected: boolean;
  /** The setting that holds `host`, for the message. */
  readonly setting: string;
}

/**
 * Refuses to open a worker to the network while nothing protects it.
 * @throws DeltascopeError DS_CONFIG_UNPROTECTED
 */
export function guardBinding({ host, isProtected, setting }: Binding): void {
  if (isProtected || isLoopback(host)) return;
  throw new DeltascopeError(
    'DS_CONFIG_UNPROTECTED',
    `${setting} is ${host}, which others can reach, and no authentication is configured.`,
  );
}

/**
 * Whether a request's `Host` header names this machine or a listed name. Any other name is a web page's own, pointed here
 * by its DNS (DNS rebinding), and gets nothing.
 */
export function isKnownHost(header: string | undefined, allowed: readonly string[]): boolean {
  const name = header === undefined ? '' : hostName(header);
  return name !== '' && (isLoopback(name) || allowed.some((host) => host.toLowerCase() === name));
}

function hostName(header: string): string {
  const match = /^(\[[0-9a-f:.]+\]|[^:]*)(?::\d*)?$/i.exec(header.trim());
  return (match?.[1] ?? '').toLowerCase();
}
