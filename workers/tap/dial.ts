import type { Agent, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { isLoopback } from '#workers/shared/network-guard.ts';
import type { HeaderPairs } from './headers.ts';
import { upgradeHeadersFrom } from './headers.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';

/** One end of a relayed connection: the WebSocket and the socket under it, which can be ended without a close frame. */
export interface Leg {
  readonly socket: WebSocket;
  readonly raw: Socket;
}

export interface DialRequest {
  readonly target: URL;
  readonly headers: Record<string, string | string[]>;
  readonly subprotocols: readonly string[];
  readonly agent: Agent | undefined;
  readonly timeoutMs: number;
  readonly maxMessageBytes: number;
}

/** The provider's answer to a handshake. An open leg is paused: nothing is read from it until the relay is wired. */
export type DialResult =
  | {
      readonly how: 'open';
      readonly leg: Leg;
      readonly answer: IncomingMessage;
      readonly headers: HeaderPairs;
      readonly subprotocol: string | null;
    }
  | { readonly how: 'refused'; readonly answer: IncomingMessage; readonly status: number; readonly body: Buffer }
  | { readonly how: 'failed'; readonly refusal: Refusal };

/** A refusal's body beyond this is cut: it is an error message, not a download. */
const MAX_REFUSAL_BYTES = 4 * 1024 ** 2;

/**
 * Limits of one connection that hold on both legs. The relay judges nothing and answers nothing by itself: no UTF-8 check, no pong,
 * no compression; fragments of one message up to a number that no provider reaches.
 */
export function socketOptions(maxMessageBytes: number) {
  return {
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    autoPong: false,
    maxFragments: 256 * 1024,
    maxBufferedChunks: 1024 * 1024,
    closeTimeout: 30_000,
  } as const;
}

/** Connects to the provider as the client asked to, with no redirects; settles once, whatever happens. */
export function dialUpstream(request: DialRequest): Promise<DialResult> {
  return new Promise((resolve) => {
    const socket = new WebSocket(request.target, [...request.subprotocols], {
      ...socketOptions(request.maxMessageBytes),
      headers: request.headers,
      followRedirects: false,
      ...(isPrivate(request.target) ? { generateMask: leaveUnmasked } : {}),
      ...(request.agent ? { agent: request.agent } : {}),
    });
    const timer = setTimeout(() => {
      settle(
        failed(504, 'DS_TAP_DIAL_TIMEOUT', `${request.target.host} did not answer the handshake within ${request.timeoutMs} ms.`),
      );
      socket.terminate();
    }, request.timeoutMs);
    const settle = (result: DialResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    let upgraded: { answer: IncomingMessage; subprotocol: string | null } | null = null;
    socket.once('upgrade', (answer) => {
      upgraded = { answer, subprotocol: answer.headers['sec-websocket-protocol'] ?? null };
      acceptAnySubprotocol(answer, request.subprotocols);
    });
    socket.once('open', () => {
      socket.pause();
      const { answer, subprotocol } = upgraded as NonNullable<typeof upgraded>;
      settle({ how: 'open', leg: { socket, raw: answer.socket }, answer, headers: upgradeHeadersFrom(answer), subprotocol });
    });
    socket.once('unexpected-response', (_request, answer) => {
      void readBody(answer).then((body) => settle({ how: 'refused', answer, status: answer.statusCode ?? 502, body }));
    });
    // Stays for the life of the socket: an error after the handshake is handled by the relay, but must never be without a listener.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(
        failed(
          502,
          'DS_TAP_UPSTREAM_UNREACHABLE',
          `${request.target.host} could not be reached (${error.code ?? error.message}).`,
        ),
      ),
    );
  });
}

/**
 * The mask of frames keeps scripts in browsers from speaking to caches on the way (RFC 6455 §10.3). Inside TLS and on this machine there
 * is none on the way, and a mask of zeros spares a copy and a pass over every message that the application sends.
 */
function leaveUnmasked(mask: Buffer): void {
  mask.fill(0);
}

function isPrivate(target: URL): boolean {
  return target.protocol === 'wss:' || isLoopback(target.hostname);
}

function failed(status: number, code: 'DS_TAP_DIAL_TIMEOUT' | 'DS_TAP_UPSTREAM_UNREACHABLE', message: string): DialResult {
  return { how: 'failed', refusal: refuse(status, code, message) };
}

/**
 * Whether the provider's choice of a subprotocol fits is for the client to judge, which gets it unaltered. `ws` would end
 * the connection where none was chosen or another one than offered, so it is shown what it expects.
 */
function acceptAnySubprotocol(answer: IncomingMessage, offered: readonly string[]): void {
  if (offered[0] === undefined) delete answer.headers['sec-websocket-protocol'];
  else if (!offered.includes(answer.headers['sec-websocket-protocol'] ?? ''))
    answer.headers['sec-websocket-protocol'] = offered[0];
}

function readBody(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (): void => resolve(Buffer.concat(chunks));
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= MAX_REFUSAL_BYTES) chunks.push(chunk);
      else answer.destroy();
    });
    answer.once('end', done).once('close', done).once('error', done);
  });
}
