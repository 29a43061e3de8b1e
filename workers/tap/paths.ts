import { withoutOwnQuery } from './query.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import type { Upstream, Upstreams } from './upstreams.ts';

/** Where a request goes. */
export interface Route {
  readonly upstream: Upstream;
  /** The provider's address, query included, without what is only for the tap. */
  readonly target: URL;
  /** The request's query as it came, without `?`. */
  readonly query: string;
  /** What stands before the provider's own path on the tap, e.g. `/azure/myres`; empty for `/v1`. */
  readonly mount: string;
  /** The path below the upstream's address. */
  readonly path: string;
}

/** Name of the upstream behind `/v1`. */
const DEFAULT_UPSTREAM = 'openai';
const MOUNTED = /^\/(azure|up)\/([^/]+)(\/.*)$/;
const AZURE_KINDS: readonly string[] = ['azure-openai', 'azure-voice-live', 'simulator'];

/** What is upgraded to WebSocket, below `/v1`, below `/azure/NAME`, below `/up/NAME`. */
const UPGRADES = {
  v1: /^\/v1\/(realtime|realtime\/translations|live\/sessions|live\/sessions\/[\w-]+\/attach|responses)$/,
  azure:
    /^\/openai\/(realtime|v1\/(realtime|realtime\/translations|live\/sessions|live\/sessions\/[\w-]+\/attach|responses))$|^\/voice-live\/realtime$/,
  up: /^\//,
} as const;

/**
 * Finds the configured upstream of a request. Only the path decides, and only in plain form: anything that two parsers could
 * read differently (absolute URLs, dot segments, encoded slashes and dots, doubled slashes) is refused, not repaired.
 */
export function findRoute(rawUrl: string, isUpgrade: boolean, upstreams: Upstreams): Route | Refusal {
  const [path = '', ...rest] = rawUrl.split('?');
  const query = rest.join('?');
  if (!isPlainPath(path)) {
    return refuse(400, 'DS_TAP_PATH_REFUSED', 'This request target could lead somewhere else than it says.');
  }
  const place = placeOf(path);
  if (!place || (isUpgrade && !UPGRADES[place.area].test(place.path))) {
    return refuse(404, 'DS_TAP_PATH_UNKNOWN', `${isUpgrade ? 'No WebSocket is relayed' : 'Nothing answers'} at ${path}.`);
  }
  const upstream = upstreams.get(place.name);
  if (!upstream || (place.area === 'azure' && !AZURE_KINDS.includes(upstream.kind))) {
    return refuse(404, 'DS_TAP_UPSTREAM_UNKNOWN', `No upstream ${place.name} is configured for ${path}.`);
  }
  const target = targetOf(upstream, place.path, query);
  return target
    ? { upstream, target, query, mount: place.mount, path: place.path }
    : refuse(400, 'DS_TAP_PATH_REFUSED', 'No valid address comes of it.');
}

/** Whether a result of `findRoute` is a refusal. */
export function isRefusal(found: Route | Refusal): found is Refusal {
  return 'code' in found;
}

function isPlainPath(path: string): boolean {
  if (!path.startsWith('/') || !/^[\x21-\x7e]*$/.test(path)) return false;
  if (/\/\/|\\|#|%2e|%2f|%5c|%00|%25(2e|2f|5c)/i.test(path)) return false;
  return !path.split('/').some((segment) => /^\.+$|^\.+;/.test(segment));
}

interface Place {
  readonly area: keyof typeof UPGRADES;
  readonly name: string;
  readonly mount: string;
  readonly path: string;
}

function placeOf(path: string): Place | null {
  if (path.startsWith('/v1/')) return { area: 'v1', name: DEFAULT_UPSTREAM, mount: '', path };
  const [, area, name, rest] = MOUNTED.exec(path) ?? [];
  if ((area !== 'azure' && area !== 'up') || name === undefined || rest === undefined) return null;
  return { area, name, mount: `/${area}/${name}`, path: rest };
}

/** The provider's address; null should a URL parser, against the checks above, see another origin or path prefix in it. */
function targetOf(upstream: Upstream, path: string, query: string): URL | null {
  const base = upstream.url.pathname.replace(/\/$/, '');
  const kept = withoutOwnQuery(query, upstream.key !== null);
  const target = URL.parse(`${upstream.url.origin}${base}${path}${kept === '' ? '' : `?${kept}`}`);
  return target?.origin === upstream.url.origin && target.pathname === base + path ? target : null;
}
