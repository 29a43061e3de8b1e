import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject, objectAt, stringAt } from '#lib/base/json.ts';
import type { UpstreamKind } from './capture.ts';
import type { Decoded, DecodedEvent } from './decode.ts';
import type { Dialect, DialectState, Provider } from './dialect.ts';

/** What the connection tells before the first message. */
export interface DialectHints {
  readonly upstreamKind: UpstreamKind | null;
  readonly path: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly subprotocol: string | null;
}

const PROVIDER_OF: Readonly<Record<UpstreamKind, Provider>> = {
  openai: 'openai',
  'azure-openai': 'azure-openai',
  'azure-voice-live': 'azure-voice-live',
  xai: 'xai',
  qwen: 'qwen',
  compatible: 'unknown',
  simulator: 'simulator',
};

/** The best guess from upstream, path, query and subprotocol; never settled. */
export function initialDialect(hints: DialectHints): DialectState {
  const path = hints.path ?? '';
  const provider = providerOfPath(path) ?? (hints.upstreamKind === null ? 'unknown' : PROVIDER_OF[hints.upstreamKind]);
  return { dialect: dialectOfPath(path, hints) ?? dialectOfProvider(provider), provider, settled: false };
}

function providerOfPath(path: string): Provider | null {
  if (path.includes('/voice-live/')) return 'azure-voice-live';
  if (path.includes('/openai/realtime') || path.includes('/openai/v1/')) return 'azure-openai';
  return path.includes('/api-ws/v1/') ? 'qwen' : null;
}

function dialectOfPath(path: string, hints: DialectHints): Dialect | null {
  if (path.includes('/realtime/translations')) return 'translation';
  if (path.includes('/live/sessions')) return 'live';
  if (path.endsWith('/responses')) return 'responses';
  if (path.includes('/openai/realtime') || path.includes('/voice-live/')) return 'realtime-beta';
  if (hints.subprotocol?.includes('openai-beta.realtime-v1')) return 'realtime-beta';
  return path.includes('/openai/v1/realtime') ? 'realtime-ga' : null;
}

function dialectOfProvider(provider: Provider): Dialect {
  if (provider === 'openai' || provider === 'xai') return 'realtime-ga';
  return provider === 'azure-voice-live' || provider === 'qwen' ? 'realtime-beta' : 'unknown';
}

/** Events of one vendor's own name it where its session looks like anybody's. */
const VENDOR_EVENTS: ReadonlyMap<string, Provider> = new Map([
  ['conversation.item.speaker', 'localai'],
  ['conversation.item.sound_detection', 'localai'],
  ['localai.classifier.result', 'localai'],
]);

/** What one more message tells; the same object if it tells nothing new. */
export function sniffDialect(state: DialectState, decoded: Decoded): DialectState {
  if (!decoded.ok) return state;
  const vendor = state.provider === 'unknown' ? VENDOR_EVENTS.get(decoded.type) : undefined;
  if (vendor !== undefined) return { ...state, provider: vendor };
  if (state.settled) return state;
  const seen = signalOf(decoded);
  if (seen === null) return state.dialect === 'unknown' ? guessByName(state, decoded) : state;
  // A relay's own upstream knows the provider better than the stream does, unless the stream shows a vendor's own marks.
  const provider = seen.provider === 'unknown' || (seen.weak && state.provider !== 'unknown') ? state.provider : seen.provider;
  return { dialect: seen.dialect, provider, settled: true };
}

/** A capture that began late has no `session.created`: the era of a name is a guess that a proof may correct. */
function guessByName(state: DialectState, event: DecodedEvent): DialectState {
  const { entry } = event;
  if (entry?.group !== 'realtime') return state;
  if (entry.until === 'ga') return { ...state, dialect: 'realtime-beta' };
  return entry.since === 'ga' ? { ...state, dialect: 'realtime-ga' } : state;
}

/** A proof of a dialect; `weak` where the provider is only likely. */
interface Signal {
  readonly dialect: Dialect;
  readonly provider: Provider;
  readonly weak: boolean;
}

function signal(dialect: Dialect, provider: Provider = 'unknown', weak = false): Signal {
  return { dialect, provider, weak };
}

function signalOf(event: DecodedEvent): Signal | null {
  const group = event.entry?.group;
  if (group === 'twilio') return signal('twilio', 'twilio');
  if (group === 'gemini-live') return signal('gemini-live', 'google');
  if (group === 'nova-sonic') return signal('nova-sonic', 'amazon');
  if (group === 'responses') return signal('responses');
  return signalOfType(event, event.type.trim());
}

function signalOfType(event: DecodedEvent, type: string): Signal | null {
  const { body } = event;
  switch (type) {
    case 'session.created':
    case 'session.updated':
      return signalOfSession(body);
    case 'transcription_session.created':
    case 'transcription_session.updated':
      return signal('realtime-beta', 'openai', true);
    case 'conversation.created':
    case 'ping':
      // At OpenAI `conversation.created` follows `session.created`, which has settled the matter; xAI may begin with it.
      return signal('realtime-ga', 'xai', true);
    case 'session.start':
    case 'session.started':
      return signal('live', 'openai', true);
    case 'session.input_audio_buffer.append':
      return signal('translation', 'openai', true);
    case 'transcription.delta':
    case 'transcription.done':
      return signal('vllm', 'vllm');
    case 'error':
      return signalOfError(body);
    default:
      return signalOfShape(body);
  }
}

/** Only Responses events are numbered; a numbered event with an `event_id` is Voice Live's. */
function signalOfShape(body: JsonObject): Signal | null {
  return typeof body['sequence_number'] === 'number' && typeof body['event_id'] !== 'string' ? signal('responses') : null;
}

function signalOfError(body: JsonObject): Signal | null {
  if (stringAt(body['error'], 'code') === 'beta_api_shape_disabled') return signal('realtime-beta', 'openai', true);
  return typeof body['error'] === 'string' ? signal('vllm', 'vllm') : signalOfShape(body);
}

function signalOfSession(body: JsonObject): Signal | null {
  const session = objectAt(body, 'session');
  if (session === undefined) return body['id'] === undefined ? null : signal('vllm', 'vllm');
  if (isVoiceLive(session)) return signal('realtime-beta', 'azure-voice-live');
  if (isQwen(session)) return signal('realtime-beta', 'qwen');
  // xAI speaks GA names with a session whose fields are flat.
  if ((stringAt(session, 'model') ?? '').startsWith('grok')) return signal('realtime-ga', 'xai');
  if (session['type'] === 'translation') return signal('translation', 'openai', true);
  if (session['type'] === 'live') return signal('live', 'openai', true);
  if (Array.isArray(session['modalities']) || typeof session['input_audio_format'] === 'string') return signal('realtime-beta');
  const isGa = session['type'] !== undefined || session['output_modalities'] !== undefined || isJsonObject(session['audio']);
  return isGa ? signal('realtime-ga') : null;
}

function isVoiceLive(session: JsonObject): boolean {
  const detection = stringAt(session['turn_detection'], 'type') ?? '';
  return (
    detection.startsWith('azure_semantic_vad') ||
    session['avatar'] !== undefined ||
    session['animation'] !== undefined ||
    (isJsonObject(session['voice']) && session['modalities'] !== undefined)
  );
}

function isQwen(session: JsonObject): boolean {
  const transcription = stringAt(session['input_audio_transcription'], 'model') ?? '';
  return (
    session['output_audio_format'] === 'pcm24' ||
    transcription === 'gummy-realtime-v1' ||
    transcription.startsWith('qwen') ||
    (stringAt(session, 'model') ?? '').startsWith('qwen')
  );
}
