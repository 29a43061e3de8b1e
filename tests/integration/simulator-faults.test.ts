import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import { arrayAt, objectAt, stringAt } from '#lib/base/json.ts';
import { scenarioUrl } from '#workers/simulator/demo.ts';
import type { PlayedCall } from '#workers/simulator/play.ts';
import { playScenario } from '#workers/simulator/play.ts';
import { readScenario } from '#workers/simulator/scenario.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

const PACE = 0.1;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0, pace: PACE });
});
afterAll(() => simulator.close());

/** Plays a scenario in the first of its dialects, against the simulator itself. */
function play(name: string): Promise<PlayedCall> {
  const scenario = readScenario(name);
  const [dialect = 'ga'] = scenario.dialects;
  const url = scenarioUrl({ tapUrl: `ws://127.0.0.1:${simulator.port}` }, { scenario, dialect });
  return playScenario({
    scenario,
    dialect,
    url: url.replace(/\/(up|azure)\/simulator/, ''),
    headers: { 'x-simulator-scenario': name },
    pace: PACE,
    patienceMs: 40_000,
  });
}

const of = (call: PlayedCall, type: string): JsonObject[] => call.received.filter((event) => event['type'] === type);
const errorsOf = (call: PlayedCall) => of(call, 'error').map((event) => objectAt(event, 'error'));
const statusesOf = (call: PlayedCall) =>
  of(call, 'response.done').map((event) => stringAt(objectAt(event, 'response'), 'status'));
const joined = (call: PlayedCall, type: string) =>
  of(call, type)
    .map((event) => event['delta'])
    .join('');

describe.concurrent('what each scenario plants', () => {
  it('azure-preview-tool: the arguments come whole, without one delta', async () => {
    const call = await play('azure-preview-tool');
    expect(of(call, 'response.function_call_arguments.delta')).toEqual([]);
    expect(of(call, 'response.function_call_arguments.done')[0]).toMatchObject({
      arguments: '{"place":"Skagen","day":"tomorrow"}',
    });
  });

  it('rejected-update: three updates are refused, each for another reason, and name the event where it had an id', async () => {
    const call = await play('rejected-update');
    expect(errorsOf(call)).toMatchObject([
      { code: 'unknown_parameter', param: 'session.type', event_id: 'sdk_update_1' },
      { code: 'unknown_parameter', param: 'session.output_modalities', event_id: 'sdk_update_2' },
      { code: 'invalid_value', param: 'session.modalities', event_id: null },
    ]);
    expect(of(call, 'session.updated')).toEqual([]);
  });

  it('twilio-chat-tools: one nameless tool and the audio stays at pcm16', async () => {
    const call = await play('twilio-chat-tools');
    expect(errorsOf(call)).toMatchObject([{ code: 'missing_required_parameter', param: 'session.tools[0].name' }]);
    expect(of(call, 'session.updated')).toEqual([]);
    const response = objectAt(of(call, 'response.done')[0], 'response');
    expect(objectAt(objectAt(response, 'audio'), 'output')).toMatchObject({ format: { type: 'audio/pcm', rate: 24_000 } });
  });

  it('ignored-settings: the update is confirmed with the old instructions and no tools', async () => {
    const call = await play('ignored-settings');
    const session = objectAt(of(call, 'session.updated')[0], 'session');
    expect(session).toMatchObject({ tools: [], output_modalities: ['text'] });
    expect(stringAt(session, 'instructions')).toContain('Your knowledge cutoff');
  });

  it('unconfirmed-update: the update gets neither a confirmation nor an error', async () => {
    const call = await play('unconfirmed-update');
    expect([...of(call, 'session.updated'), ...of(call, 'error')]).toEqual([]);
    expect(statusesOf(call)).toEqual(['completed']);
  });

  it('malformed-tool-output: the output without call_id is refused', async () => {
    const call = await play('malformed-tool-output');
    expect(errorsOf(call)).toMatchObject([{ code: 'missing_required_parameter', param: 'item.call_id' }]);
  });

  it('idle-after-tool-output: the output is taken, and no second response follows', async () => {
    const call = await play('idle-after-tool-output');
    const items = of(call, 'conversation.item.added').map((event) => stringAt(objectAt(event, 'item'), 'type'));
    expect(items).toEqual(['message', 'function_call', 'function_call_output']);
    expect(statusesOf(call)).toEqual(['completed']);
  });

  it('abandoned-tool-call: the call is finished and never answered', async () => {
    const call = await play('abandoned-tool-call');
    expect(of(call, 'response.function_call_arguments.done')).toHaveLength(1);
    expect(of(call, 'conversation.item.added')).toHaveLength(2);
  });

  it('retired-beta: one error instead of a greeting, then close code 4000', async () => {
    const call = await play('retired-beta');
    expect(call.received.map((event) => event['type'])).toEqual(['error']);
    expect(errorsOf(call)).toMatchObject([{ code: 'beta_api_shape_disabled' }]);
    expect(call.closeCode).toBe(4000);
  });

  it('failed-response: the status tells the failure, no error event does', async () => {
    const call = await play('failed-response');
    expect(statusesOf(call)).toEqual(['failed', 'completed']);
    expect(errorsOf(call)).toEqual([]);
  });

  it('mcp-call: tools are listed once, arguments stream, the output is in the item', async () => {
    const call = await play('mcp-call');
    const listed = of(call, 'conversation.item.done').map((event) => objectAt(event, 'item'));
    expect(listed[0]).toMatchObject({ type: 'mcp_list_tools', server_label: 'docs' });
    expect(arrayAt(listed[0], 'tools')).toHaveLength(2);
    expect(of(call, 'response.mcp_call_arguments.done')[0]?.['arguments']).toBe(
      joined(call, 'response.mcp_call_arguments.delta'),
    );
    const order = call.received.map((event) => String(event['type'])).filter((type) => type.startsWith('response.mcp_call.'));
    expect(order).toEqual(['response.mcp_call.in_progress', 'response.mcp_call.completed']);
    const item = objectAt(of(call, 'response.output_item.done')[0], 'item');
    expect(item).toMatchObject({ type: 'mcp_call', name: 'search', output: expect.stringContaining('7 days') });
    expect(of(call, 'response.done')).toHaveLength(1);
  });

  it('stalled-response: it speaks, goes quiet and never ends', async () => {
    const call = await play('stalled-response');
    expect(joined(call, 'response.output_audio_transcript.delta').trim()).toBe('Once upon a time, there');
    expect([...of(call, 'response.done'), ...of(call, 'response.output_audio.done')]).toEqual([]);
  });

  it('early-interruption: cancelled with turn_detected, no output and zero usage, then an answer', async () => {
    const call = await play('early-interruption');
    const [first, second] = of(call, 'response.done').map((event) => objectAt(event, 'response'));
    expect(first).toMatchObject({ status_details: { reason: 'turn_detected' }, output: [], usage: { total_tokens: 0 } });
    expect(second).toMatchObject({ status: 'completed' });
  });

  it('lost-delta: the transcript is one piece longer than its deltas', async () => {
    const call = await play('lost-delta');
    const whole = stringAt(of(call, 'response.output_audio_transcript.done')[0], 'transcript') ?? '';
    const deltas = joined(call, 'response.output_audio_transcript.delta');
    expect(whole).toContain('On Sunday we open at ten in the morning');
    expect(deltas.length).toBeLessThan(whole.length);
    expect(whole.startsWith(deltas.slice(0, 15)) && whole.endsWith(deltas.slice(-15))).toBe(true);
  });

  it('silent-audio: the audio is done and no delta came', async () => {
    const call = await play('silent-audio');
    expect(of(call, 'response.output_audio.delta')).toEqual([]);
    expect(of(call, 'response.output_audio.done')).toHaveLength(1);
    expect(of(call, 'output_audio_buffer.started')).toEqual([]);
  });

  it('webrtc-sideband: playback begins and ends, no audio deltas; without the scenario there is no such call', async () => {
    const call = await play('webrtc-sideband');
    const types = call.received.map((event) => String(event['type']));
    expect(types.filter((type) => type.startsWith('output_audio_buffer.'))).toEqual([
      'output_audio_buffer.started',
      'output_audio_buffer.stopped',
    ]);
    expect(types.indexOf('output_audio_buffer.stopped')).toBeGreaterThan(types.indexOf('response.done'));
    expect(types).not.toContain('response.output_audio.delta');
    const url = `ws://127.0.0.1:${simulator.port}/v1/realtime?call_id=rtc_1`;
    await expect(playScenario({ scenario: readScenario('text-turn'), dialect: 'ga', url })).rejects.toThrow('404');
  });
});
