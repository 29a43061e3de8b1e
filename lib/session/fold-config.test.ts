import { describe, expect, it } from 'vitest';
import { foldScript } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';

const CREATED =
  '0 s>c session.created {"session":{"id":"sess_1","type":"realtime","model":"gpt-realtime-2025-08-28","instructions":"Default","audio":{"output":{"voice":"alloy"}}}}';
const UPDATE =
  '10 c>s session.update e1 {"session":{"type":"realtime","instructions":"Be brief","audio":{"output":{"voice":"marin"}}}}';
const UPDATED =
  '20 s>c session.updated {"session":{"id":"sess_1","type":"realtime","instructions":"Be brief","audio":{"output":{"voice":"marin"}}}}';

function statusAfter(...lines: string[]): string {
  return foldScript(script(lines.join('\n'))).session.configStatus;
}

describe('configuration', () => {
  it('is none before the client asks, pending until it is answered, applied when the echo holds it', () => {
    expect(statusAfter(CREATED)).toBe('none');
    expect(statusAfter(CREATED, UPDATE)).toBe('pending');
    expect(statusAfter(CREATED, UPDATE, UPDATED)).toBe('applied');
  });

  it('is partly applied when the echo lacks a leaf', () => {
    expect(statusAfter(CREATED, UPDATE, UPDATED.replace('marin', 'alloy'))).toBe('partly');
  });

  it.each([
    ['by event id', '{"error":{"code":"unknown_parameter","message":"x","event_id":"event_e1"}}'],
    ['by parameter', '{"error":{"code":"unknown_parameter","message":"x","param":"session.type","event_id":null}}'],
    ['by the Live API’s client_event_id', '{"error":{"code":"invalid","message":"x","client_event_id":"event_e1"}}'],
  ])('is rejected by an error that answers the update %s', (_name, error) => {
    expect(statusAfter(CREATED, UPDATE, `20 s>c error ${error}`)).toBe('rejected');
  });

  it('is not rejected by an error about something else', () => {
    expect(statusAfter(CREATED, UPDATE, '20 s>c error {"error":{"code":"input_audio_buffer_commit_empty","message":"x"}}')).toBe(
      'pending',
    );
  });

  it('is partly applied when one update is taken and another refused', () => {
    expect(
      statusAfter(
        CREATED,
        UPDATE,
        UPDATED,
        '30 c>s session.update e2 {"session":{"temperature":0.5}}',
        '40 s>c error {"error":{"message":"x","event_id":"event_e2"}}',
      ),
    ).toBe('partly');
  });

  it('is rejected for one update only by an error that comes twice', () => {
    const error = '20 s>c error {"event_id":"event_9","error":{"code":"unknown_parameter","message":"x","param":"session.type"}}';
    const next = '11 c>s session.update {"session":{"speed":1.2}}';
    expect(statusAfter(CREATED, UPDATE, next, error, error)).toBe('pending');
  });

  it('is rejected by each of two errors with one id that complain of different fields', () => {
    const error = (param: string) => `20 s>c error {"event_id":"event_9","error":{"message":"x","param":"${param}"}}`;
    const next = '11 c>s session.update {"session":{"speed":1.2}}';
    expect(statusAfter(CREATED, UPDATE, next, error('session.instructions'), error('session.speed'))).toBe('rejected');
  });

  it('is rejected also on a connection that was made anew, whose ids begin anew too', () => {
    const error = '20 s>c error {"event_id":"event_9","error":{"message":"x","param":"session.type"}}';
    const lines = [CREATED, UPDATE, error, CREATED.replace('sess_1', 'sess_2'), UPDATE];
    expect([statusAfter(...lines), statusAfter(...lines, error)]).toEqual(['pending', 'rejected']);
  });

  it('is not rejected by an error of a request for a response that has the same field', () => {
    const request = '11 c>s response.create {"response":{"instructions":5}}';
    const error = '12 s>c error {"error":{"code":"invalid_type","message":"x","param":"instructions"}}';
    expect(statusAfter(CREATED, UPDATE, request, error)).toBe('pending');
    expect(statusAfter(CREATED, UPDATE, error)).toBe('rejected');
  });

  it('is applied once an answer holds all of what an error seemed to have refused', () => {
    const error = '12 s>c error {"error":{"code":"invalid_type","message":"x","param":"instructions"}}';
    expect(statusAfter(CREATED, UPDATE, error, UPDATED)).toBe('applied');
    expect(statusAfter(CREATED, UPDATE, error, UPDATED.replace('Be brief', 'Theirs'))).toBe('rejected');
  });

  it('is applied when the client repairs a refused update in the other dialect’s shape', () => {
    expect(
      statusAfter(
        '0 s>c session.created {"session":{"id":"sess_1","modalities":["audio","text"],"voice":"alloy","input_audio_format":"pcm16"}}',
        '10 c>s session.update e1 {"session":{"audio":{"output":{"voice":"echo"}}}}',
        '20 s>c error {"error":{"code":"unknown_parameter","param":"session.audio","message":"x"}}',
        '30 c>s session.update e2 {"session":{"voice":"echo"}}',
        '40 s>c session.updated {"session":{"id":"sess_1","modalities":["audio","text"],"voice":"echo","input_audio_format":"pcm16"}}',
      ),
    ).toBe('applied');
  });

  it('is not called partly applied where it is too long to be kept whole and so compared', () => {
    const long = JSON.stringify('a'.repeat(300_000));
    expect(statusAfter(CREATED, UPDATE.replace('"Be brief"', long), UPDATED.replace('"Be brief"', long))).toBe('applied');
  });

  it('is compared as the provider takes it that the stream shows, whatever the connection said', () => {
    const { session } = foldScript(
      script(`
        0  c>s  session.update   {"session":{"voice":"Ara","instructions":"Be brief"}}
        1  s>c  session.updated  {"session":{"model":"grok-voice-latest","voice":"Ara"}}`),
      { mode: 'import', upstreamKind: null, path: null, query: {} },
    );
    expect(session).toMatchObject({ provider: 'xai', configStatus: 'applied' });
  });

  it('is applied once the own answer comes behind that to another party', () => {
    const theirs = UPDATED.replace('Be brief', 'Theirs');
    expect([statusAfter(CREATED, UPDATE, theirs), statusAfter(CREATED, UPDATE, theirs, UPDATED)]).toEqual(['partly', 'applied']);
  });

  it('merges what the client asked for: objects by key, null and lists replace', () => {
    const { session } = foldScript(
      script(`
        0   c>s  session.update  {"session":{"instructions":"a","audio":{"input":{"transcription":{"model":"whisper-1"}}},"tools":[{"name":"f"}]}}
        10  c>s  session.update  {"session":{"audio":{"input":{"transcription":null},"output":{"voice":"marin"}},"tools":[]}}`),
    );
    expect(session.requestedConfig).toEqual({
      instructions: 'a',
      audio: { input: { transcription: null }, output: { voice: 'marin' } },
      tools: [],
    });
  });

  it('takes model, provider session and effective configuration from the echo', () => {
    const { session } = foldScript(script(CREATED), { query: {} });
    expect(session).toMatchObject({
      model: 'gpt-realtime-2025-08-28',
      providerSessionId: 'sess_1',
      dialect: 'realtime-ga',
      effectiveConfig: { instructions: 'Default' },
    });
  });

  it('shows that a reconnect within the capture lost it', () => {
    const again = CREATED.replace('sess_1', 'sess_2').replace('0 s>c', '30 s>c');
    const { session } = foldScript(script([CREATED, UPDATE, UPDATED, again].join('\n')));
    expect(session).toMatchObject({
      configStatus: 'partly',
      providerSessionId: 'sess_2',
      effectiveConfig: { instructions: 'Default' },
    });
  });

  it('keeps hostile keys from becoming anything but keys', () => {
    const { session } = foldScript(script('0 c>s session.update {"session":{"__proto__":{"polluted":true},"constructor":"x"}}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(session.requestedConfig ?? {})).toEqual(['__proto__', 'constructor']);
  });
});
