import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { JsonObject } from '#lib/base/json.ts';
import { encodeAudio } from '#workers/simulator/audio-format.ts';
import { makeRandom } from '#workers/simulator/random.ts';
import { speak } from '#workers/simulator/speech.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

let simulator: Simulator;
const clients: TestClient[] = [];
beforeAll(async () => {
  simulator = await startSimulator({ port: 0, pace: 0.02 });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => simulator.close());

/** A client that sends what it is told and hands out what it receives, in order. */
class TestClient {
  readonly #socket: WebSocket;
  readonly #events: JsonObject[] = [];
  #wake = () => {};

  constructor(path: string, headers: Record<string, string> = {}) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${simulator.port}${path}`, { headers });
    this.#socket.on('message', (data) => {
      this.#events.push(JSON.parse(String(data)));
      this.#wake();
    });
    clients.push(this);
  }

  send(event: JsonObject): void {
    this.#socket.send(JSON.stringify(event));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** The next event of a type; everything before it is dropped. */
  async next(type: string): Promise<JsonObject> {
    for (;;) {
      const event = this.#events.shift();
      if (event === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if (event['type'] === type) return event;
    }
  }

  close(): void {
    this.#socket.close();
  }
}

const GA = '/v1/realtime?model=gpt-realtime';
const PREVIEW = '/openai/realtime?api-version=2025-04-01-preview&deployment=voice';

async function open(path = GA, headers: Record<string, string> = {}): Promise<TestClient> {
  const client = new TestClient(path, headers);
  await client.next('session.created');
  return client;
}

async function refusalOf(client: TestClient, event: JsonObject): Promise<JsonObject> {
  client.send({ event_id: 'mine_1', ...event });
  const { error } = await client.next('error');
  expect((error as JsonObject)['event_id']).toBe('mine_1');
  return error as JsonObject;
}

function handshakeStatus(
  path: string,
  headers: Record<string, string> = {},
  port = simulator.port,
  protocols: string[] = [],
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

describe('handshake', () => {
  it.each([
    [GA, 101],
    ['/v1/realtime?intent=transcription', 101],
    ['/v1/realtime', 400],
    ['/v1/realtime?call_id=rtc_nobody', 404],
    ['/v1/elsewhere', 404],
    [PREVIEW, 101],
    ['/openai/realtime?deployment=voice', 404],
    ['/openai/v1/realtime?model=voice', 101],
    ['/openai/v1/realtime?model=voice&api-version=2025-04-01-preview', 401],
    [`${GA}&scenario=text-turn`, 101],
    [`${GA}&scenario=no-such-scenario`, 400],
  ])('%s is answered with %i', async (path, status) => {
    expect(await handshakeStatus(path)).toBe(status);
  });

  it('lets in only the key it was told to ask for, in any of the three places where clients put it', async () => {
    const strict = await startSimulator({ port: 0, requiredKey: 'sk-right' });
    expect(await handshakeStatus(GA, {}, strict.port)).toBe(401);
    expect(await handshakeStatus(GA, { authorization: 'Bearer sk-wrong' }, strict.port)).toBe(401);
    expect(await handshakeStatus(GA, { authorization: 'Bearer sk-right' }, strict.port)).toBe(101);
    expect(await handshakeStatus(PREVIEW, { 'api-key': 'sk-right' }, strict.port)).toBe(101);
    expect(await handshakeStatus(GA, {}, strict.port, ['realtime', 'openai-insecure-api-key.sk-right'])).toBe(101);
    await strict.close();
  });

  it('answers plain HTTP: models, client secrets, health', async () => {
    const base = `http://127.0.0.1:${simulator.port}`;
    expect(await (await fetch(`${base}/v1/models`)).json()).toMatchObject({ object: 'list' });
    const secret = await fetch(`${base}/v1/realtime/client_secrets`, { method: 'POST', body: '{"session":{"type":"realtime"}}' });
    expect(await secret.json()).toMatchObject({ value: expect.stringMatching(/^ek_/), session: { type: 'realtime' } });
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
  });
});

describe('session.update', () => {
  it('is echoed with what was left out filled in, and keeps what it does not name', async () => {
    const client = await open();
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: { type: 'semantic_vad' } } } },
    });
    expect((await client.next('session.updated'))['session']).toMatchObject({
      output_modalities: ['audio'],
      audio: {
        input: { turn_detection: { type: 'semantic_vad', eagerness: 'auto', create_response: true } },
        output: { voice: 'marin' },
      },
    });
    client.send({ type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } });
    expect((await client.next('session.updated'))['session']).toMatchObject({ audio: { input: { turn_detection: null } } });
  });

  it.each([
    [GA, {}, 'missing_required_parameter', 'session.type'],
    [GA, { type: 'realtime', voice: 'alloy' }, 'unknown_parameter', 'session.voice'],
    [GA, { type: 'realtime', temperature: 0.7 }, 'unknown_parameter', 'session.temperature'],
    [GA, { type: 'realtime', output_modalities: ['text', 'audio'] }, 'invalid_value', 'session.output_modalities'],
    [GA, { type: 'realtime', audio: { input: { format: 'pcm16' } } }, 'invalid_type', 'session.audio.input.format'],
    [
      GA,
      { type: 'realtime', tools: [{ type: 'function', function: {} }] },
      'missing_required_parameter',
      'session.tools[0].name',
    ],
    [GA, { type: 'realtime', tools: [{ type: 'function' }] }, 'missing_required_parameter', 'session.tools[0].name'],
    [PREVIEW, { type: 'realtime' }, 'unknown_parameter', 'session.type'],
    [PREVIEW, { output_modalities: ['audio'] }, 'unknown_parameter', 'session.output_modalities'],
    [PREVIEW, { modalities: ['audio'] }, 'invalid_value', 'session.modalities'],
  ])('at %s %j is refused with %s for %s', async (path, session, code, param) => {
    const client = await open(path);
    expect(await refusalOf(client, { type: 'session.update', session })).toMatchObject({
      type: 'invalid_request_error',
      code,
      param,
    });
  });

  it('changes nothing at all when one part of it is refused', async () => {
    const client = await open();
    await refusalOf(client, { type: 'session.update', session: { type: 'realtime', instructions: 'New.', nonsense: 1 } });
    client.send({ type: 'session.update', session: { type: 'realtime' } });
    const { session } = await client.next('session.updated');
    expect(String((session as JsonObject)['instructions'])).toMatch(/^Your knowledge cutoff is 2023-10/);
  });

  it('in the beta fills in 500 ms of silence where server_vad is named without it', async () => {
    const client = await open(GA, { 'OpenAI-Beta': 'realtime=v1' });
    client.send({ type: 'session.update', session: { turn_detection: { type: 'server_vad' } } });
    expect((await client.next('session.updated'))['session']).toMatchObject({ turn_detection: { silence_duration_ms: 500 } });
  });
});

describe('refused events leave the session open', () => {
  it.each([
    [{ type: 'response.cancel' }, 'response_cancel_not_active'],
    [{ type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty'],
    [{ type: 'conversation.item.retrieve', item_id: 'item_none' }, 'item_retrieve_invalid_item_id'],
    [{ type: 'conversation.item.delete', item_id: 'item_none' }, 'item_delete_invalid_item_id'],
    [
      { type: 'conversation.item.truncate', item_id: 'item_none', content_index: 0, audio_end_ms: 0 },
      'item_truncate_invalid_item_id',
    ],
    [{ type: 'conversation.item.create', item: { type: 'function_call_output', output: 'x' } }, 'missing_required_parameter'],
    [{ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'c', output: {} } }, 'invalid_type'],
    [
      { type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'text', text: 'x' }] } },
      'invalid_value',
    ],
    [{ type: 'input_audio_buffer.append' }, 'missing_required_parameter'],
    [{ type: 'no.such.event' }, 'invalid_value'],
    [{ type: 'constructor' }, 'invalid_value'],
    [{}, 'invalid_event'],
  ])('%j → %s', async (event, code) => {
    const client = await open();
    expect(await refusalOf(client, event as JsonObject)).toMatchObject({ code });
    client.send({ type: 'session.update', session: { type: 'realtime' } });
    await client.next('session.updated');
  });

  it('a message that is not JSON is answered by an error event', async () => {
    const client = await open();
    client.sendText('{');
    expect((await client.next('error'))['error']).toMatchObject({ code: 'invalid_event', event_id: null });
  });

  it('a second response while one is active is refused and names the first', async () => {
    const client = await open();
    client.send({ type: 'response.create' });
    const first = (await client.next('response.created'))['response'] as JsonObject;
    const error = await refusalOf(client, { type: 'response.create' });
    expect(error).toMatchObject({
      code: 'conversation_already_has_active_response',
      message: expect.stringContaining(String(first['id'])),
    });
    client.send({ type: 'response.create', response: { conversation: 'none', metadata: { of: 'band' } } });
    expect((await client.next('response.created'))['response']).toMatchObject({
      conversation_id: null,
      metadata: { of: 'band' },
    });
  });
});

describe('responses', () => {
  it('response.cancel ends it with client_cancelled and closes what was open', async () => {
    const client = await open();
    client.send({ type: 'response.create' });
    await client.next('response.output_audio.delta');
    client.send({ type: 'response.cancel' });
    expect((await client.next('response.output_item.done'))['item']).toMatchObject({ status: 'incomplete' });
    expect((await client.next('response.done'))['response']).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'client_cancelled' },
    });
  });

  it('a token limit ends it incomplete', async () => {
    const client = await open();
    client.send({ type: 'response.create', response: { max_output_tokens: 12 } });
    expect((await client.next('response.done'))['response']).toMatchObject({
      status: 'incomplete',
      status_details: { type: 'incomplete', reason: 'max_output_tokens' },
    });
  });

  it('calls a tool that the text names, with arguments of the declared kinds, and reads its output aloud', async () => {
    const client = await open();
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' } },
      required: ['city', 'days'],
    };
    client.send({
      type: 'session.update',
      session: { type: 'realtime', tools: [{ type: 'function', name: 'get_weather', parameters }] },
    });
    client.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How is the weather?' }] },
    });
    client.send({ type: 'response.create' });
    const done = await client.next('response.function_call_arguments.done');
    expect(done).toMatchObject({ name: 'get_weather', arguments: '{"city":"example","days":1}' });
    await client.next('response.done');
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: String(done['call_id']), output: 'sunny' },
    });
    client.send({ type: 'response.create' });
    expect((await client.next('response.output_audio_transcript.done'))['transcript']).toContain('sunny');
  });

  it('the voice cannot change once the assistant has spoken', async () => {
    const client = await open();
    client.send({ type: 'response.create' });
    await client.next('response.done');
    const error = await refusalOf(client, {
      type: 'session.update',
      session: { type: 'realtime', audio: { output: { voice: 'cedar' } } },
    });
    expect(error).toMatchObject({ code: 'cannot_update_voice' });
  });
});

describe('audio', () => {
  const said = speak('One two three four.', { pitchHz: 120, random: makeRandom('test') });
  const silence = new Int16Array(24_000);

  it.each(['pcm16', 'g711_ulaw', 'g711_alaw'] as const)(
    'a turn spoken in %s is detected, committed and retrievable',
    async (format) => {
      const client = await open(PREVIEW);
      client.send({ type: 'session.update', session: { input_audio_format: format, output_audio_format: format } });
      for (const samples of [silence, said, silence]) {
        client.send({ type: 'input_audio_buffer.append', audio: encodeAudio(samples, format).toString('base64') });
      }
      const started = await client.next('input_audio_buffer.speech_started');
      expect(started['audio_start_ms']).toBeGreaterThan(600);
      expect(started['audio_start_ms']).toBeLessThan(1000);
      const stopped = await client.next('input_audio_buffer.speech_stopped');
      const committed = await client.next('input_audio_buffer.committed');
      expect(committed['item_id']).toBe(started['item_id']);
      client.send({ type: 'conversation.item.retrieve', item_id: String(committed['item_id']) });
      const { item } = await client.next('conversation.item.retrieved');
      const [part] = (item as JsonObject)['content'] as JsonObject[];
      const perMs = format === 'pcm16' ? 48 : 8;
      const turnMs = Number(stopped['audio_end_ms']) - Number(started['audio_start_ms']);
      expect(Buffer.from(String(part?.['audio']), 'base64').length / perMs).toBeCloseTo(turnMs, 0);
    },
  );

  it('without turn detection the client commits, and nothing is answered until it asks', async () => {
    const client = await open();
    client.send({ type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } });
    client.send({ type: 'input_audio_buffer.append', audio: encodeAudio(said, 'pcm16').toString('base64') });
    client.send({ type: 'input_audio_buffer.commit' });
    await client.next('input_audio_buffer.committed');
    await client.next('conversation.item.done');
    client.send({ type: 'input_audio_buffer.clear' });
    await client.next('input_audio_buffer.cleared');
    client.send({ type: 'response.create' });
    await client.next('response.done');
  });

  it('truncating takes whole milliseconds within the audio, and drops the transcript', async () => {
    const client = await open();
    client.send({ type: 'response.create' });
    const { item_id } = await client.next('response.output_audio.done');
    await client.next('response.done');
    const truncate = (audio_end_ms: number) => ({
      type: 'conversation.item.truncate',
      item_id: String(item_id),
      content_index: 0,
      audio_end_ms,
    });
    expect(await refusalOf(client, truncate(10.5))).toMatchObject({ code: 'invalid_type', param: 'audio_end_ms' });
    expect(await refusalOf(client, truncate(10_000_000))).toMatchObject({
      code: 'invalid_value',
      message: expect.stringContaining('already shorter'),
    });
    client.send(truncate(200));
    expect(await client.next('conversation.item.truncated')).toMatchObject({ item_id, audio_end_ms: 200 });
    client.send({ type: 'conversation.item.retrieve', item_id: String(item_id) });
    const { item } = await client.next('conversation.item.retrieved');
    expect((item as JsonObject)['content']).toMatchObject([{ type: 'output_audio', audio: expect.any(String) }]);
    expect(JSON.stringify(item)).not.toContain('transcript');
  });
});
