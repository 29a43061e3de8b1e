import { readAnswer } from './fetch-json.ts';

/**
 * Asks the dashboard for a change; gives the reply's JSON, or null where it has none. An answer that is not one of success is thrown as a
 * `ReadError`.
 */
export async function sendJson<Reply>(method: 'PATCH' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Reply | null> {
  const content = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await readAnswer(await fetch(path, { method, ...content }));
  return response.status === 204 ? null : ((await response.json()) as Reply);
}
