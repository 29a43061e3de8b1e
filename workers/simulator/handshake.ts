import type { IncomingMessage } from 'node:http';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { SimulatorDialect } from './dialect.ts';
import type { ProviderScript, Scenario } from './scenario.ts';
import { FREE_SCRIPT, readScenario } from './scenario.ts';

/** What a connection asked for, once it is let in. */
export interface Admission {
  readonly dialect: SimulatorDialect;
  readonly model: string;
  readonly type: 'realtime' | 'transcription';
  /** Name of the scenario, or `free`. */
  readonly scenario: string;
  readonly script: ProviderScript;
}

/** An HTTP answer instead of a WebSocket. */
export interface HandshakeRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const BETA_SUBPROTOCOL = 'openai-beta.realtime-v1';
const KEY_SUBPROTOCOL = 'openai-insecure-api-key.';

/**
 * Decides a WebSocket handshake as the provider does: the path and the beta marker choose the dialect, the query names the model.
 * A scenario is chosen by the header `x-simulator-scenario` or the query `scenario`; with neither the provider answers freely.
 */
export function judgeHandshake(request: IncomingMessage, requiredKey: string | null): Admission | HandshakeRefusal {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const dialect = dialectOf(url, request);
  if (dialect === null) return { status: 404, code: 'invalid_url', message: `Invalid URL (GET ${url.pathname})` };
  if (requiredKey !== null && keyOf(url, request) !== requiredKey) {
    return { status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' };
  }
  const chosen = chooseScript(url, request);
  if ('status' in chosen) return chosen;
  const target = dialect === 'azure-preview' ? azureTarget(url) : targetOf(url, dialect, chosen);
  return 'status' in target ? target : { dialect, ...target, scenario: chosen.name, script: chosen.provider };
}

interface Target {
  readonly model: string;
  readonly type: 'realtime' | 'transcription';
}

function dialectOf(url: URL, request: IncomingMessage): SimulatorDialect | null {
  if (url.pathname === '/openai/v1/realtime') return 'azure-ga';
  if (url.pathname === '/openai/realtime') return 'azure-preview';
  if (url.pathname !== '/v1/realtime') return null;
  const beta = request.headers['openai-beta'] === 'realtime=v1' || subprotocolsOf(request).includes(BETA_SUBPROTOCOL);
  return beta ? 'beta' : 'ga';
}

function targetOf(url: URL, dialect: SimulatorDialect, chosen: ChosenScript): Target | HandshakeRefusal {
  if (dialect === 'azure-ga' && url.searchParams.has('api-version')) {
    return { status: 401, code: 'Unauthorized', message: 'api-version is not allowed on the v1 path.' };
  }
  // The only calls there are to attach to are those of scenarios whose audio travels elsewhere.
  if (url.searchParams.has('call_id') && chosen.provider.mediaTrack) return { model: chosen.model, type: 'realtime' };
  if (url.searchParams.has('call_id'))
    return { status: 404, code: 'call_id_not_found', message: 'No session found for the provided call_id' };
  const model = url.searchParams.get('model');
  const intent = url.searchParams.get('intent');
  if (model !== null && model !== '') return { model, type: intent === 'transcription' ? 'transcription' : 'realtime' };
  if (intent === 'transcription') return { model: 'gpt-4o-transcribe', type: 'transcription' };
  return { status: 400, code: 'missing_model', message: 'You must provide a model parameter.' };
}

function azureTarget(url: URL): Target | HandshakeRefusal {
  if (!url.searchParams.has('api-version')) return { status: 404, code: '404', message: 'Resource not found' };
  const deployment = url.searchParams.get('deployment');
  if (deployment !== null && deployment !== '') return { model: deployment, type: 'realtime' };
  return { status: 400, code: 'MissingDeployment', message: 'The deployment query parameter is missing.' };
}

type ChosenScript = Pick<Scenario, 'name' | 'model' | 'provider'>;

function chooseScript(url: URL, request: IncomingMessage): ChosenScript | HandshakeRefusal {
  const asked = request.headers['x-simulator-scenario'] ?? url.searchParams.get('scenario');
  if (asked === null || asked === undefined) return { name: 'free', model: 'gpt-realtime', provider: FREE_SCRIPT };
  try {
    return readScenario(String(asked));
  } catch (thrown) {
    if (!(thrown instanceof DeltascopeError)) throw thrown;
    return { status: 400, code: thrown.code, message: thrown.message };
  }
}

function keyOf(url: URL, request: IncomingMessage): string | null {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const subprotocol = subprotocolsOf(request).find((name) => name.startsWith(KEY_SUBPROTOCOL));
  const header = request.headers['api-key'];
  if (bearer !== undefined) return bearer;
  if (typeof header === 'string') return header;
  return subprotocol?.slice(KEY_SUBPROTOCOL.length) ?? url.searchParams.get('api-key');
}

function subprotocolsOf(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/** The one subprotocol that the provider picks, if it was offered. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  return offered.has('realtime') ? 'realtime' : false;
}

/** The body of a refusal: OpenAI and Azure agree on its shape. */
export function refusalBody(refusal: HandshakeRefusal): string {
  return JSON.stringify({ error: { message: refusal.message, type: 'invalid_request_error', param: null, code: refusal.code } });
}
