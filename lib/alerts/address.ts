import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Which addresses a message may be sent to: a channel is no way into the network that Deltascope stands in. */

/** What the internet does not route to, by IANA's special-purpose registries; multicast as well. */
const NOT_PUBLIC_4 = [
  ...[
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
  ],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];

/** Of IPv6 only 2000::/3 is routed; these parts of it are not, or hold an IPv4 address (Teredo, 6to4). */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const blocked4 = blockList(NOT_PUBLIC_4, 'ipv4');
const blocked6 = blockList(NOT_PUBLIC_6, 'ipv6');
const routed6 = blockList(['2000::/3'], 'ipv6');
const mapped4 = blockList(['::ffff:0:0/96'], 'ipv6');

/** Whether an IP address belongs to the public internet; false for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !blocked4.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false;
  // Node's list checks an IPv4-mapped address against IPv4 rules as well; none of them is a public IPv6 address anyway.
  if (mapped4.check(address, 'ipv6')) return false;
  return routed6.check(address, 'ipv6') && !blocked6.check(address, 'ipv6');
}

/** Whether an URL names, without any lookup, a host that is not public. */
export function isPrivateAddress(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$|\.$/g, '');
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return host === 'localhost' || host.endsWith('.localhost');
}

/** Of an address with secrets in its path or query, what may be shown: `https://hooks.example.org/…`. */
export function showAddress(url: string): string {
  if (!URL.canParse(url)) return '…';
  const { origin, pathname, search } = new URL(url);
  return pathname === '/' && search === '' ? origin : `${origin}/…`;
}

function blockList(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
