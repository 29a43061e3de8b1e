import type { Agent } from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { isLoopback } from '#workers/shared/network-guard.ts';

/** How upstreams are reached. */
export interface ProxySetting {
  readonly url: string | undefined;
  /** As in NO_PROXY: names separated by commas, `.example.org` for all below it, `*` for all. */
  readonly except: string;
}

/** Chooses the agent for an upstream's address: the proxy's, or none where it is reached directly. */
export function makeAgentChoice({ url, except }: ProxySetting): (target: URL) => Agent | undefined {
  if (url === undefined) return () => undefined;
  const agent = new HttpsProxyAgent(url);
  const exceptions = except
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return (target) => (isLoopback(target.hostname) || exceptions.some((name) => covers(name, target)) ? undefined : agent);
}

function covers(name: string, { hostname, host }: URL): boolean {
  if (name === '*' || name === host) return true;
  const bare = name.replace(/^\*?\./, '');
  return hostname === bare || hostname.endsWith(`.${bare}`);
}
