import { OPERATIONS } from './operations.ts';

/** What is answered wherever something can be read, by Next itself. */
const WITH_GET = ['GET', 'HEAD'];
/** What a path that is none answers with 404. */
const ANY = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const PREFIX = '/api/v1';

/** The methods that a path as it was sent answers, as the header `Allow` names them; null where it is none of the API. */
export function allowedMethods(path: string): readonly string[] | null {
  const parts = path.split('/').map(decodeURIComponent);
  if (parts.slice(0, 3).join('/') !== PREFIX) return null;
  const methods = OPERATIONS.filter((operation) => isPathOf(operation.path, parts)).flatMap(({ method }) =>
    method === 'get' ? WITH_GET : [method.toUpperCase()],
  );
  return methods.length === 0 ? ANY : [...methods, 'OPTIONS'].sort();
}

function isPathOf(template: string, parts: readonly string[]): boolean {
  const wanted = template.split('/');
  return wanted.length === parts.length && wanted.every((part, index) => part.startsWith('{') || part === parts[index]);
}
