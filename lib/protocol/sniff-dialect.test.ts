import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import { decodeBody } from './decode.ts';
import type { DialectState } from './dialect.ts';
import type { DialectHints } from './sniff-dialect.ts';
import { initialDialect, sniffDialect } from './sniff-dialect.ts';

const NOTHING: DialectHints = { upstreamKind: null, path: null, query: {}, subprotocol: null };
const UNKNOWN: DialectState = { dialect: 'unknown', provider: 'unknown', settled: false };

function sniff(state: DialectState, ...bodies: readonly JsonObject[]): DialectState {
  return bodies.reduce((now, body) => sniffDialect(now, decodeBody(body, now.dialect)), state);
}

function created(session: JsonObject): JsonObject {
  return { type: 'session.created', event_id: 'event_1', session };
}

describe('before the first message', () => {
  test.each<[Partial<DialectHints>, string, string]>([
    [{}, 'unknown', 'unknown'],
    [{ upstreamKind: 'openai', path: '/v1/realtime' }, 'realtime-ga', 'openai'],
    [
      { upstreamKind: 'openai', path: '/v1/realtime', subprotocol: 'realtime, openai-beta.realtime-v1' },
      'realtime-beta',
      'openai',
    ],
    [{ upstreamKind: 'openai', path: '/v1/realtime/translations' }, 'translation', 'openai'],
    [{ upstreamKind: 'openai', path: '/v1/live/sessions' }, 'live', 'openai'],
    [{ upstreamKind: 'openai', path: '/v1/responses' }, 'responses', 'openai'],
    [{ upstreamKind: 'azure-openai', path: '/openai/realtime' }, 'realtime-beta', 'azure-openai'],
    [{ upstreamKind: 'azure-openai', path: '/openai/v1/realtime' }, 'realtime-ga', 'azure-openai'],
    [{ upstreamKind: 'azure-openai', path: '/openai/v1/live/sessions' }, 'live', 'azure-openai'],
    [{ path: '/voice-live/realtime' }, 'realtime-beta', 'azure-voice-live'],
    [{ upstreamKind: 'xai', path: '/v1/realtime' }, 'realtime-ga', 'xai'],
    [{ path: '/api-ws/v1/realtime' }, 'realtime-beta', 'qwen'],
    [{ upstreamKind: 'compatible', path: '/v1/realtime' }, 'unknown', 'unknown'],
  ])('%j suggests %s of %s, unsettled', (hints, dialect, provider) => {
    expect(initialDialect({ ...NOTHING, ...hints })).toEqual({ dialect, provider, settled: false });
  });
});

describe('the first events settle the dialect', () => {
  test.each<[string, JsonObject, string, string]>([
    ['a nested session is GA', created({ type: 'realtime', audio: {}, output_modalities: ['audio'] }), 'realtime-ga', 'unknown'],
    ['a transcription session is GA', created({ type: 'transcription', audio: { input: {} } }), 'realtime-ga', 'unknown'],
    [
      'a flat session is beta',
      created({ modalities: ['text'], input_audio_format: 'pcm16', voice: 'alloy' }),
      'realtime-beta',
      'unknown',
    ],
    ['pcm24 is Qwen', created({ modalities: ['text'], output_audio_format: 'pcm24' }), 'realtime-beta', 'qwen'],
    [
      'a gummy model is Qwen',
      created({ modalities: [], input_audio_transcription: { model: 'gummy-realtime-v1' } }),
      'realtime-beta',
      'qwen',
    ],
    [
      'a semantic VAD of Azure is Voice Live',
      created({ modalities: [], turn_detection: { type: 'azure_semantic_vad_en' } }),
      'realtime-beta',
      'azure-voice-live',
    ],
    [
      'a voice object in a flat session is Voice Live',
      created({ modalities: [], voice: { name: 'en-US-AvaNeural' } }),
      'realtime-beta',
      'azure-voice-live',
    ],
    ['a grok model is xAI', created({ modalities: ['audio'], model: 'grok-voice-latest' }), 'realtime-ga', 'xai'],
    ['a conversation before any session is xAI', { type: 'conversation.created', conversation: {} }, 'realtime-ga', 'xai'],
    ['a ping is xAI', { type: 'ping', timestamp: 1 }, 'realtime-ga', 'xai'],
    ['a session without session object is vLLM', { type: 'session.created', id: 's', created: 1 }, 'vllm', 'vllm'],
    ['an error that is a text is vLLM', { type: 'error', error: 'bad' }, 'vllm', 'vllm'],
    ['session.started is Live', { type: 'session.started', session: {} }, 'live', 'openai'],
    ['a translation session says so', created({ type: 'translation' }), 'translation', 'openai'],
    ['a numbered event is Responses', { type: 'response.created', sequence_number: 0, response: {} }, 'responses', 'unknown'],
    ['a response object is Responses', { type: 'response.created', response: { object: 'response' } }, 'responses', 'unknown'],
    ['a name of Responses only is Responses', { type: 'response.completed', response: {} }, 'responses', 'unknown'],
    [
      'the retired beta answers with its code',
      { type: 'error', error: { code: 'beta_api_shape_disabled' } },
      'realtime-beta',
      'openai',
    ],
    ['a Twilio frame', { event: 'start', streamSid: 'MZ1' }, 'twilio', 'twilio'],
    ['a Gemini message', { setupComplete: {} }, 'gemini-live', 'google'],
    ['a Nova Sonic message', { event: { completionStart: {} } }, 'nova-sonic', 'amazon'],
  ])('%s', (_name, body, dialect, provider) => {
    expect(sniff(UNKNOWN, body)).toEqual({ dialect, provider, settled: true });
  });

  test('what the stream shows of a vendor beats what the connection said, a mere likelihood does not', () => {
    const azure: DialectState = { dialect: 'realtime-ga', provider: 'azure-openai', settled: false };
    expect(sniff(azure, created({ modalities: [], turn_detection: { type: 'azure_semantic_vad' } })).provider).toBe(
      'azure-voice-live',
    );
    expect(sniff(azure, { type: 'session.started', session: {} })).toEqual({
      dialect: 'live',
      provider: 'azure-openai',
      settled: true,
    });
  });

  test('a numbered event with an event id is no Responses event', () => {
    const body = { type: 'response.web_search_call.searching', sequence_number: 2, event_id: 'e', response_id: 'r' };
    expect(sniff(UNKNOWN, body).dialect).not.toBe('responses');
  });
});

describe('without proof', () => {
  test('an event of a vendor names it, also once the dialect is settled', () => {
    const settled = sniff(UNKNOWN, created({ type: 'realtime', audio: {} }));
    expect(settled).toMatchObject({ dialect: 'realtime-ga', provider: 'unknown', settled: true });
    const own = { type: 'conversation.item.sound_detection', item_id: 'item_1' };
    expect(sniff(settled, own)).toMatchObject({ dialect: 'realtime-ga', provider: 'localai', settled: true });
    expect(sniff({ ...settled, provider: 'simulator' }, own).provider).toBe('simulator');
  });

  test('an era of names is guessed and stays open to correction', () => {
    const late = sniff(UNKNOWN, { type: 'response.audio.delta', event_id: 'e', delta: '' });
    expect(late).toEqual({ dialect: 'realtime-beta', provider: 'unknown', settled: false });
    expect(sniff(late, created({ type: 'realtime', audio: {} }))).toEqual({
      dialect: 'realtime-ga',
      provider: 'unknown',
      settled: true,
    });
  });

  test('the same object comes back when nothing is new', () => {
    const settled: DialectState = { dialect: 'live', provider: 'openai', settled: true };
    expect(sniff(settled, created({ modalities: [] }))).toBe(settled);
    expect(sniff(UNKNOWN, { type: 'response.done', event_id: 'e', response: {} })).toBe(UNKNOWN);
    expect(sniffDialect(UNKNOWN, { ok: false, code: 'DS_PROTOCOL_NOT_JSON', detail: '' })).toBe(UNKNOWN);
  });
});
