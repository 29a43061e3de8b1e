import { fetchFrom } from './fetch-json.ts';

/** Asks the dashboard for a change; an answer that is not one of success is thrown as a `ReadError`. */
export async function sendJson(method: 'PATCH' | 'POST', path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetchFrom(path, undefined, { method, headers, body: JSON.stringify(body) });
}
