import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import type { Route } from './paths.ts';
import { findQueryValue } from './query.ts';

/** What is stored of a connection. Everything not listed here, keys and cookies above all, is never written anywhere. */
const REQUEST_HEADERS = ['user-agent', 'x-openai-agents-sdk', 'openai-beta', 'x-client-request-id', 'content-type'];
const RESPONSE_HEADERS = [
  'x-request-id',
  'openai-processing-ms',
  'openai-version',
  'x-ms-region',
  'x-ms-client-request-id',
  'apim-request-id',
  'x-ms-deployment-name',
  'retry-after',
  'server',
  'date',
  'cf-ray',
];
const QUERY = ['model', 'intent', 'call_id', 'api-version', 'deployment', 'webrtcfilter', 'agent-name', 'language'];
/** Among the subprotocols, those that carry no key or account. */
const SUBPROTOCOLS = /^(realtime|openai-beta\..*|openai-agents-sdk\..*)$/;

const MAX_TAGS = 20;
const MAX_TAG_NAME = 64;
const MAX_VALUE = 200;

/** Describes a relayed connection for the recorder; without the provider's answer, where it gave none. */
export function describeCapture(
  request: IncomingMessage,
  route: Route,
  answer: { headers: IncomingHttpHeaders; subprotocol: string | null } | null,
): CaptureMeta {
  return {
    mode: 'relay',
    transport: 'websocket',
    upstream: route.upstream.name,
    upstreamKind: route.upstream.kind,
    path: route.target.pathname,
    query: pickQuery(route.query),
    requestHeaders: pickHeaders(request.headers, REQUEST_HEADERS),
    responseHeaders: pickHeaders(answer?.headers ?? {}, RESPONSE_HEADERS),
    subprotocol: answer?.subprotocol && SUBPROTOCOLS.test(answer.subprotocol) ? answer.subprotocol : null,
    tags: readTags(request, route),
    clock: 'wall',
    source: null,
  };
}

/** Whether the application wants this connection relayed without being recorded. */
export function isRecordingOff(request: IncomingMessage): boolean {
  return String(request.headers['x-deltascope-record'] ?? '').toLowerCase() === 'off';
}

/** Tags as `env=prod,team=a` from the header and the query; the header wins. A word alone is a tag of value `true`. */
function readTags(request: IncomingMessage, route: Route): Record<string, string> {
  const header = request.headers['x-deltascope-tags'];
  const parts = `${findQueryValue(route.query, 'ds_tags') ?? ''},${header ?? ''}`.split(',');
  const tags = new Map<string, string>();
  for (const part of parts) {
    const [name = '', ...value] = part.split('=');
    if (name.trim() === '' || (tags.size >= MAX_TAGS && !tags.has(name.trim()))) continue;
    tags.set(name.trim().slice(0, MAX_TAG_NAME), value.length === 0 ? 'true' : value.join('=').trim().slice(0, MAX_VALUE));
  }
  return Object.fromEntries(tags);
}

function pickHeaders(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const picked = names.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name]).slice(0, MAX_VALUE)]],
  );
  return Object.fromEntries(picked);
}

function pickQuery(query: string): Record<string, string> {
  const given = new URLSearchParams(query);
  return Object.fromEntries(
    QUERY.flatMap((name) => (given.has(name) ? [[name, (given.get(name) ?? '').slice(0, MAX_VALUE)]] : [])),
  );
}
