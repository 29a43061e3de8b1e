import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '#lib/base/json.ts';
import type { SimulatorDialect } from '#workers/simulator/dialect.ts';
import { DIALECTS } from '#workers/simulator/dialect.ts';
import type { PlayedCall } from '#workers/simulator/play.ts';
import { playScenario } from '#workers/simulator/play.ts';
import { listScenarios, readScenario } from '#workers/simulator/scenario.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

const PACE = 0.1;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0, pace: PACE, keepHashes: true });
});
afterAll(() => simulator.close());

const PATHS: Record<SimulatorDialect, string> = {
  ga: '/v1/realtime?model=gpt-realtime',
  beta: '/v1/realtime?model=gpt-4o-realtime-preview',
  'azure-preview': '/openai/realtime?api-version=2025-04-01-preview&deployment=voice',
  'azure-ga': '/openai/v1/realtime?model=voice',
};

function play(name: string, dialect: SimulatorDialect): Promise<PlayedCall> {
  return playScenario({
    scenario: readScenario(name),
    url: `ws://127.0.0.1:${simulator.port}${PATHS[dialect]}`,
    dialect,
    headers: { 'x-simulator-scenario': name },
    pace: PACE,
    patienceMs: 40_000,
  });
}

const of = (call: PlayedCall, type: string): JsonObject[] => call.received.filter((event) => event['type'] === type);

/** Nothing is wrong with these, so they can be played in any dialect. */
const CLEAN = ['barge-in', 'spoken-turn', 'text-turn', 'tool-call'];

describe('every clean scenario in every dialect', () => {
  const cases = CLEAN.flatMap((name) => DIALECTS.map((dialect) => [name, dialect] as const));

  it('all others plant something, and say in which dialects', () => {
    expect(listScenarios().filter((name) => readScenario(name).dialects.length === DIALECTS.length)).toEqual(CLEAN);
  });

  it.concurrent.each(cases)(
    '%s plays to its end in %s without an error event, and both ends saw the same messages',
    async (name, dialect) => {
      const call = await play(name, dialect);
      expect(of(call, 'error')).toEqual([]);
      expect(call.closeCode).toBe(1000);
      const connection = simulator.connections.find((one) => one.id === call.providerSession);
      expect(connection?.messages.serverToClient).toEqual(call.messages.serverToClient);
      expect(connection?.messages.clientToServer).toEqual(call.messages.clientToServer);
      expect(call.messages.serverToClient.length).toBeGreaterThan(10);
      checkResponses(call);
    },
  );
});

describe('what can go wrong with a scenario', () => {
  it('an unknown name is refused with the names there are', () => {
    expect(() => readScenario('no-such')).toThrow(expect.objectContaining({ code: 'DS_SIMULATOR_SCENARIO_UNKNOWN' }));
  });

  it('a file that does not follow the form is refused with the field that is wrong', () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-scenarios-'));
    writeFileSync(join(folder, 'odd.json'), '{"summary":"x","caller":[{"do":"dance"}],"provider":{}}');
    writeFileSync(join(folder, 'broken.json'), '{');
    const thrown = { code: 'DS_SIMULATOR_SCENARIO_INVALID' };
    expect(() => readScenario('odd', folder)).toThrow(
      expect.objectContaining({ ...thrown, message: expect.stringContaining('caller.0.do') }),
    );
    expect(() => readScenario('broken', folder)).toThrow(expect.objectContaining(thrown));
    rmSync(folder, { recursive: true });
  });

  it('a call that is refused or waits for what never comes ends with a sentence', async () => {
    const stuck = { code: 'DS_SIMULATOR_CALL_STUCK' };
    const scenario = { ...readScenario('text-turn'), caller: [{ do: 'await' as const, type: 'never', count: 1 }] };
    const at = (path: string) => ({
      scenario,
      url: `ws://127.0.0.1:${simulator.port}${path}`,
      dialect: 'ga' as const,
      patienceMs: 50,
    });
    await expect(playScenario(at('/nowhere'))).rejects.toMatchObject({ ...stuck, message: expect.stringContaining('404') });
    await expect(playScenario(at(PATHS.ga))).rejects.toMatchObject({ ...stuck, message: expect.stringContaining('1 × never') });
  });
});

describe('the clean scenarios', () => {
  it('a text turn has text and no audio', async () => {
    const call = await play('text-turn', 'ga');
    expect(of(call, 'response.output_audio.delta')).toEqual([]);
    const [first] = of(call, 'response.output_text.done');
    expect(stringAt(first, 'text')).toContain('breakfast is included');
  });

  it('a spoken turn is detected, transcribed and answered with audio', async () => {
    const call = await play('spoken-turn', 'ga');
    for (const type of ['speech_started', 'speech_stopped', 'committed'])
      expect(of(call, `input_audio_buffer.${type}`)).toHaveLength(2);
    const [started] = of(call, 'input_audio_buffer.speech_started');
    const [stopped] = of(call, 'input_audio_buffer.speech_stopped');
    expect(numberAt(stopped, 'audio_end_ms')).toBeGreaterThan(numberAt(started, 'audio_start_ms') ?? 0);
    expect(of(call, 'conversation.item.input_audio_transcription.completed').map((event) => event['transcript'])).toEqual(
      readScenario('spoken-turn').provider.hears,
    );
    expect(of(call, 'response.output_audio.delta').length).toBeGreaterThan(4);
  });

  it('a tool call round has arguments, an output and a spoken answer', async () => {
    const call = await play('tool-call', 'ga');
    const [done] = of(call, 'response.function_call_arguments.done');
    expect(JSON.parse(stringAt(done, 'arguments') ?? '')).toEqual({ order_number: '4417', include_tracking: true });
    expect(of(call, 'response.output_audio_transcript.done').map((event) => event['transcript'])).toEqual([
      'Your order is on its way with Northpost, and it should be with you on Tuesday.',
    ]);
  });

  it('a barge-in cancels the answer with turn_detected and truncates what was not heard', async () => {
    const call = await play('barge-in', 'ga');
    const [first, second] = of(call, 'response.done').map((event) => objectAt(event, 'response'));
    expect(first).toMatchObject({ status: 'cancelled', status_details: { type: 'cancelled', reason: 'turn_detected' } });
    expect(second).toMatchObject({ status: 'completed' });
    expect(objectAt({ item: arrayAt(first, 'output')[0] ?? null }, 'item')).toMatchObject({ status: 'incomplete' });
    const started = call.received.findIndex(
      (event, index) => index > 40 && event['type'] === 'input_audio_buffer.speech_started',
    );
    const done = call.received.findIndex((event) => event['type'] === 'response.done');
    expect(started).toBeLessThan(done);
    expect(of(call, 'conversation.item.truncated')).toHaveLength(1);
  });

  it('the beta dialect has its own names and a flat session, and Azure preview leaves out argument deltas', async () => {
    const call = await play('tool-call', 'azure-preview');
    const types = new Set(call.received.map((event) => String(event['type'])));
    expect(types).toContain('response.audio.delta');
    expect(types).toContain('conversation.item.created');
    expect([...types].filter((type) => type.includes('output_audio') || type === 'conversation.item.done')).toEqual([]);
    expect(types).not.toContain('response.function_call_arguments.delta');
    expect(types).toContain('response.function_call_arguments.done');
    const [created] = of(call, 'session.created');
    expect(objectAt(created, 'session')).toMatchObject({
      modalities: ['audio', 'text'],
      input_audio_format: 'pcm16',
      voice: 'alloy',
    });
  });
});

/** The protocol's invariants for every response of a call: closing fields equal their deltas, sums of tokens hold. */
function checkResponses(call: PlayedCall): void {
  const done = of(call, 'response.done');
  expect(done.length).toBe(of(call, 'response.created').length);
  for (const event of done) {
    const usage = objectAt(objectAt(event, 'response'), 'usage') as JsonObject;
    const input = objectAt(usage, 'input_token_details') as JsonObject;
    const output = objectAt(usage, 'output_token_details') as JsonObject;
    const cached = objectAt(input, 'cached_tokens_details') as JsonObject;
    expect(usage['total_tokens']).toBe(Number(usage['input_tokens']) + Number(usage['output_tokens']));
    expect(usage['input_tokens']).toBe(
      Number(input['text_tokens']) + Number(input['audio_tokens']) + Number(input['image_tokens']),
    );
    expect(usage['output_tokens']).toBe(Number(output['text_tokens']) + Number(output['audio_tokens']));
    expect(input['cached_tokens']).toBe(
      Number(cached['text_tokens']) + Number(cached['audio_tokens']) + Number(cached['image_tokens']),
    );
    expect(Number(input['cached_tokens'])).toBeLessThanOrEqual(Number(usage['input_tokens']));
  }
  for (const [family, field] of Object.entries({ text: 'text', audio_transcript: 'transcript' })) {
    for (const end of call.received.filter(
      (event) => String(event['type']).replace('output_', '') === `response.${family}.done`,
    )) {
      const deltas = call.received.filter(
        (event) =>
          String(event['type']).replace('output_', '') === `response.${family}.delta` && event['item_id'] === end['item_id'],
      );
      expect(deltas.map((event) => event['delta']).join('')).toBe(end[field]);
    }
  }
}
