import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import { audioFieldOf, base64Bytes } from './audio.ts';
import { decodeBody } from './decode.ts';

function audio(body: JsonObject) {
  return audioFieldOf(decodeBody(body, 'unknown'));
}

describe('the audio of an event', () => {
  test('is the delta of the assistant and the append of the user', () => {
    expect(audio({ type: 'response.audio.delta', event_id: 'e', delta: 'AAAA' })).toEqual({
      path: ['delta'],
      base64: 'AAAA',
      party: 'assistant',
      sampleRate: null,
    });
    expect(audio({ type: 'input_audio_buffer.append', audio: 'AAAA' })).toMatchObject({ path: ['audio'], party: 'user' });
  });

  test('is found inside the content of an item, with the exact index', () => {
    const item = {
      content: [
        { type: 'input_text', text: 'x' },
        { type: 'input_audio', audio: 'AAAA' },
      ],
    };
    expect(audio({ type: 'conversation.item.retrieved', item })).toMatchObject({ path: ['item', 'content', '1', 'audio'] });
  });

  test('brings the rate that the event states', () => {
    expect(audio({ type: 'session.output_audio.delta', delta: 'AAAA', sample_rate: 24000 })).toMatchObject({ sampleRate: 24000 });
  });

  test.each<[JsonObject]>([
    [{ type: 'response.output_audio.delta', delta: '' }],
    [{ type: 'response.output_audio.delta', delta: 7 }],
    [{ type: 'response.output_text.delta', delta: 'AAAA' }],
    [{ type: 'conversation.item.retrieved', item: { content: {} } }],
    [{ type: 'something.new', audio: 'AAAA' }],
  ])('is none in %j', (body) => {
    expect(audio(body)).toBeNull();
  });
});

test.each([
  ['', 0],
  ['AA', 1],
  ['AA==', 1],
  ['AAA=', 2],
  ['AAA', 2],
  ['AAAA', 3],
  ['====', 1],
])('base64 %j stands for %i bytes', (text, bytes) => {
  expect(base64Bytes(text)).toBe(bytes);
});
