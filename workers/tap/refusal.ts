import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '#lib/base/errors.ts';
import { ERRORS } from '#lib/base/errors.ts';

/** Why the tap itself does not do what a request asks. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

export function refuse(status: number, code: ErrorCode, message: string): Refusal {
  return { status, code, message };
}

/** The body of every refusal: `{"error":{code, message, action}}`, in the shape that the providers' clients print. */
function bodyOf({ code, message }: Refusal): string {
  return `${JSON.stringify({ error: { type: 'deltascope', code, message, action: ERRORS[code].action } })}\n`;
}

/** Answers a request with a refusal. */
export function refuseRequest(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, { 'content-type': 'application/json', connection: 'close' });
  response.end(bodyOf(refusal));
}

/** Answers an upgrade with a refusal. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  answerUpgrade(socket, refusal.status, [['content-type', 'application/json']], Buffer.from(bodyOf(refusal)));
}

/** Answers an upgrade with an ordinary response and ends the connection. */
export function answerUpgrade(
  socket: Duplex,
  status: number,
  headers: readonly (readonly [string, string])[],
  body: Buffer,
): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  lines.push(`content-length: ${body.byteLength}`, 'connection: close', '', '');
  socket.end(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]));
}
