import { describe, expect, test } from 'vitest';
import { readDocument } from './read-array.ts';
import { readLine } from './read-line.ts';

const read = (line: string) => {
  const message = readLine(Buffer.from(line));
  return { ...message, payload: Buffer.from(message.payload).toString() };
};

describe('one line', () => {
  test('a frame gives the exact source text of its event, odd numbers and spaces included', () => {
    const event = '{ "type":"error", "n": 1.50e2, "s":"\\u00e9" }';
    const message = read(`{"t": 1738000000123.5, "dir": "server", "event": ${event}, "note": "x"}`);
    expect(message.payload).toBe(event);
    expect(message.direction).toBe('server_to_client');
    expect(message.time).toEqual({ clock: 'wall', micros: 1738000000123500 });
  });

  test('a small time counts from an unknown start; null is no time', () => {
    expect(read('{"t":880,"dir":"client","event":{"type":"a"}}').time).toEqual({ clock: 'relative', micros: 880_000 });
    expect(read('{"t":null,"dir":null,"event":{"type":"a"}}')).toMatchObject({ time: null, direction: 'unknown' });
  });

  test('a bare event is its own payload, even when it has a member named event', () => {
    const line = '{"type":"input_audio_buffer.dtmf_event_received","event":"5","t":1}';
    expect(read(line)).toMatchObject({ payload: line, direction: 'unknown', time: null, problem: null });
  });

  test('a phone leg or a Bedrock envelope is not mistaken for a frame', () => {
    for (const line of ['{"event":"start","streamSid":"MZ1"}', '{"event":{"completionStart":{}}}']) {
      expect(read(line).payload).toBe(line);
    }
  });

  test('an event of another type than object is kept and left to the decoder', () => {
    expect(read('{"t":1,"dir":"server","event":[1]}').payload).toBe('[1]');
  });

  test.each([
    ['not json', 'The line is not JSON.'],
    ['[1,2]', 'The line is JSON, but not an object.'],
  ])('%s is kept whole as an unreadable message', (line, detail) => {
    expect(read(line)).toMatchObject({ payload: line, problem: { code: 'DS_IMPORT_LINE_UNREADABLE', detail } });
  });

  test('bytes that are not UTF-8 are kept as they are', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const message = readLine(bytes);
    expect(Buffer.from(message.payload)).toEqual(bytes);
    expect(message.problem?.detail).toBe('The line is not valid UTF-8.');
  });
});

describe('one document', () => {
  const payloads = (text: string) => readDocument(text)?.map((message) => Buffer.from(message.payload).toString());

  test('an array of events gives the exact text of each', () => {
    expect(payloads('[ {"type": "a"},\n {"t":1,"dir":"client","event":{"type" :"b"}}, 3 ]')).toEqual([
      '{"type": "a"}',
      '{"type" :"b"}',
      '3',
    ]);
  });

  test('an object with one array of objects is that array', () => {
    expect(payloads('{"meta":1,"events":[{"type":"a"}]}')).toEqual(['{"type":"a"}']);
  });

  test('one event printed over several lines is one message', () => {
    expect(payloads('{\n "type": "a"\n}\n')).toEqual(['{\n "type": "a"\n}']);
  });

  test('what is no JSON is left to be read line by line', () => {
    expect(readDocument('{"type":"a"}\n{"type":"b"}')).toBeNull();
  });
});
