/** Query strings are cut, never rebuilt: what is for the provider reaches it byte for byte. */

const OWN = new Set(['ds_tags', 'ds_key']);

/** A query without the parameters that are only for the tap, and without the client's key where the tap puts its own. */
export function withoutOwnQuery(query: string, holdsKey: boolean): string {
  const isOurs = (part: string): boolean => OWN.has(nameOf(part)) || (holdsKey && nameOf(part) === 'api-key');
  return query
    .split('&')
    .filter((part) => !isOurs(part))
    .join('&');
}

/** The first value of a parameter, decoded; null where it is absent. */
export function findQueryValue(query: string, name: string): string | null {
  return new URLSearchParams(query).get(name);
}

function nameOf(part: string): string {
  const [name] = new URLSearchParams(part).keys();
  return name?.toLowerCase() ?? '';
}
