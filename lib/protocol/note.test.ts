import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { decodeBody } from './decode.ts';
import { formatValue } from './format-value.ts';
import { parseLabel } from './label.ts';
import { MAX_NOTE, renderNote } from './note.ts';

function note(body: JsonObject): string | null {
  return renderNote(decodeBody(body, 'realtime-ga'));
}

describe('the note beside a type', () => {
  test.each<[JsonObject, string | null]>([
    [{ type: 'response.output_text.delta', delta: 'It is' }, 'It is'],
    [{ type: 'response.text.delta', delta: 'It is' }, 'It is'],
    [{ type: 'response.output_audio.delta', delta: 'AAAAAAAA' }, '6 bytes'],
    [{ type: 'response.done', response: { status: 'completed', usage: { total_tokens: 253 } } }, 'completed · 253 tokens'],
    [
      { type: 'response.done', response: { status: 'cancelled', status_details: { reason: 'turn_detected' } } },
      'cancelled (turn_detected)',
    ],
    [
      { type: 'response.done', response: { status: 'completed', status_details: 'unimplemented' }, usage: { total_tokens: 9 } },
      'completed · 9 tokens',
    ],
    [{ type: 'error', error: { code: 'invalid_event', message: 'What?' } }, 'invalid_event: What?'],
    [{ type: 'error', error: { code: null, message: 'What?' } }, 'What?'],
    [{ type: 'error', error: 'What?' }, 'What?'],
    [{ type: 'session.updated', session: { tools: [{}], voice: 'marin' } }, 'tools 1 · voice marin'],
    [{ type: 'session.update', session: { instructions: 'Be brief.' } }, 'Be brief.'],
    [{ type: 'response.output_text.delta', delta: '· one' }, '· one'],
    [{ type: 'input_audio_buffer.commit' }, null],
    [{ type: 'response.done' }, null],
    [{ type: 'something.new', delta: 'x' }, null],
  ])('of %j is %j', (body, expected) => {
    expect(note(body)).toBe(expected);
  });

  test('stays on one line, short, and well-formed', () => {
    expect(note({ type: 'response.output_text.delta', delta: 'a\r\nb\u0000c\ud800' })).toBe('a  b c\ufffd');
    const long = note({ type: 'response.output_text.delta', delta: '😀'.repeat(1_000_000) });
    expect(long).toHaveLength(MAX_NOTE - 1);
    expect(long?.endsWith('😀…')).toBe(true);
  });

  test('is nothing for a message that could not be read', () => {
    expect(renderNote(decodeBody([], 'realtime-ga'))).toBeNull();
  });
});

describe('a value is shown by its format', () => {
  test.each<[Json, Parameters<typeof formatValue>[1], string | null]>([
    [1500, 'ms', '1500 ms'],
    [1.5, 'seconds', '1.5 s'],
    [1763690400, 'unix', '2025-11-21T02:00:00.000Z'],
    [1e300, 'unix', '1e+300'],
    ['AAAA', 'bytes', '3 bytes'],
    [['a', {}, null], 'list', 'a, {}, null'],
    [[1, 2], 'count', '2'],
    [{ a: 1, b: 2 }, 'json', '{a, b}'],
    [[1, 2], 'json', '[2]'],
    ['{"a":1}', 'json', '{"a":1}'],
    [false, 'flag', 'false'],
    [0, 'number', '0'],
    ['7', 'number', null],
    [Number.POSITIVE_INFINITY, 'tokens', null],
    [{}, 'text', null],
    ['', 'word', null],
    [null, 'text', null],
  ])('%j as %s is %j', (value, format, expected) => {
    expect(formatValue(value, format)).toBe(expected);
  });
});

test('a label knows words, values with alternatives and formats, and optional parts', () => {
  expect(parseLabel('a {b.c/d|ms}[ e {f}]')).toEqual([
    { kind: 'words', text: 'a ' },
    { kind: 'value', paths: [['b', 'c'], ['d']], format: 'ms' },
    {
      kind: 'optional',
      parts: [
        { kind: 'words', text: ' e ' },
        { kind: 'value', paths: [['f']], format: 'text' },
      ],
    },
  ]);
});
