import type { Agent, IncomingMessage, ServerResponse } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { HeaderPairs } from './headers.ts';
import { endToEndHeaders, grouped, locationThroughTap, requestHeadersFor } from './headers.ts';
import type { Route } from './paths.ts';
import { refuse, refuseRequest } from './refusal.ts';

export interface PassThroughOptions {
  readonly agent: Agent | undefined;
  readonly timeoutMs: number;
  /** Called with the code where the provider could not be reached. */
  readonly onFailure: (code: 'DS_TAP_UPSTREAM_UNREACHABLE' | 'DS_TAP_DIAL_TIMEOUT') => void;
}

/**
 * Passes an ordinary request on and its answer back, both as streams: nothing is read, stored or followed. The limit of time is for
 * the connection and the first silence before an answer; an answer that streams may take as long as it likes.
 */
export function passThrough(request: IncomingMessage, response: ServerResponse, route: Route, options: PassThroughOptions): void {
  const { target, upstream, mount } = route;
  const outgoing = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, {
    method: request.method ?? 'GET',
    headers: { ...requestHeadersFor(upstream, request), ...bodyFraming(request) },
    ...(options.agent ? { agent: options.agent } : {}),
  });
  const timer = setTimeout(() => outgoing.destroy(new DialTimeout()), options.timeoutMs);
  const connected = (): void => clearTimeout(timer);
  outgoing.once('socket', (socket) => {
    if (socket.connecting) socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
    else connected();
  });
  outgoing.once('response', (answer) => {
    connected();
    response.writeHead(answer.statusCode ?? 502, grouped(answerHeaders(answer, mount, route)));
    response.flushHeaders();
    answer.pipe(response);
    answer.once('error', () => response.destroy());
    answer.once('close', () => {
      if (!answer.complete) response.destroy();
    });
  });
  outgoing.once('error', (error: NodeJS.ErrnoException) => {
    connected();
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const code = error instanceof DialTimeout ? 'DS_TAP_DIAL_TIMEOUT' : 'DS_TAP_UPSTREAM_UNREACHABLE';
    options.onFailure(code);
    refuseRequest(
      response,
      refuse(
        code === 'DS_TAP_DIAL_TIMEOUT' ? 504 : 502,
        code,
        `${target.host} could not be reached (${error.code ?? 'no answer'}).`,
      ),
    );
  });
  response.once('close', () => {
    connected();
    outgoing.destroy();
  });
  request.pipe(outgoing);
}

class DialTimeout extends Error {}

/** Node derives how a body is framed from the method; a body in chunks must stay one, whatever the method. */
function bodyFraming(request: IncomingMessage): Record<string, string> {
  return request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
}

function answerHeaders(answer: IncomingMessage, mount: string, route: Route): HeaderPairs {
  return endToEndHeaders(answer).map(([name, value]) =>
    name.toLowerCase() === 'location' ? [name, locationThroughTap(value, mount, route.upstream, route.target)] : [name, value],
  );
}
