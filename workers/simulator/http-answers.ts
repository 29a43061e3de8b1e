import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { randomBase62 } from './wire-ids.ts';

const MODELS = ['gpt-realtime', 'gpt-realtime-mini', 'gpt-4o-realtime-preview', 'gpt-4o-transcribe'];
const SECRET_SECONDS = 600;

/** The few plain HTTP calls of the provider that a realtime application makes beside its WebSocket. */
export async function answerHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  const body = await text(request);
  if (request.method === 'GET' && path === '/v1/models') {
    send(response, 200, {
      object: 'list',
      data: MODELS.map((id) => ({ id, object: 'model', created: 1_756_339_200, owned_by: 'system' })),
    });
  } else if (request.method === 'POST' && path === '/v1/realtime/client_secrets') {
    const session = parseOrNull(body)?.['session'] ?? { type: 'realtime' };
    send(response, 200, { value: `ek_${randomBase62(32)}`, expires_at: Math.floor(Date.now() / 1000) + SECRET_SECONDS, session });
  } else {
    const message = `Invalid URL (${request.method} ${path})`;
    send(response, 404, { error: { message, type: 'invalid_request_error', param: null, code: null } });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': `req_${randomBase62(21)}` });
  response.end(JSON.stringify(body));
}

function parseOrNull(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
