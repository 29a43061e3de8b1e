import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import { allEntries, findEntryInGroup } from './catalogue.ts';
import type { DecodedEvent } from './decode.ts';
import { decodeBody } from './decode.ts';
import type { Dialect } from './dialect.ts';
import type { FamilyContext } from './families.ts';
import { deltaText, doneText, exceptionFor, FAMILIES, familyKey, pairOf, streamOf } from './families.ts';

const WEBSOCKET: FamilyContext = {
  provider: 'openai',
  transport: 'websocket',
  mode: 'relay',
  status: 'completed',
  truncated: false,
  ended: false,
  outOfBand: false,
};

function event(body: JsonObject, dialect: Dialect = 'realtime-ga'): DecodedEvent {
  const decoded = decodeBody(body, dialect);
  if (!decoded.ok) throw new Error(decoded.detail);
  return decoded;
}

function family(name: string, group = 'realtime') {
  const found = FAMILIES.find((one) => one.name === name && one.group === group);
  if (found === undefined) throw new Error(`no family ${name}`);
  return found;
}

describe('the families', () => {
  test('name only events of the catalogue, by their canonical names', () => {
    for (const one of FAMILIES) {
      const repeats = one.alsoEqual.map((place) => place.split(':')[0] ?? '');
      for (const type of [...one.starts, ...one.ends, ...repeats]) {
        expect(findEntryInGroup(one.group, type)?.canonicalType, `${one.name}: ${type}`).toBe(type);
      }
    }
  });

  test('name only keys that their events have', () => {
    for (const one of FAMILIES) {
      for (const type of [...one.starts, ...one.ends]) {
        const keys = findEntryInGroup(one.group, type)?.keys;
        for (const key of one.key) expect(keys?.[key].length, `${one.name}: ${type} ${key}`).toBeGreaterThan(0);
      }
    }
  });

  test('cover every event that ends in .delta, but for those that never close', () => {
    const open = ['response.video.delta', 'response.invocation.delta', 'input_text.delta', 'transcription.text.delta'];
    const deltas = FAMILIES.flatMap((one) => one.starts);
    const closing = allEntries().filter((entry) => entry.group === 'realtime' || entry.group === 'responses');
    const types = closing.map((entry) => entry.canonicalType).filter((type) => type.endsWith('.delta'));
    const missing = types.filter((type) => !deltas.includes(type) && !open.includes(type));
    expect(missing).toEqual([]);
  });
});

describe('an event in its family', () => {
  test('a delta and its done share a key, whichever era their names are of', () => {
    const ids = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
    const delta = event({ type: 'response.text.delta', ...ids, delta: 'It' });
    const done = event({ type: 'response.output_text.done', ...ids, text: 'It is' });
    const start = streamOf(delta);
    const end = streamOf(done);
    expect([start?.part, end?.part]).toEqual(['start', 'end']);
    expect(start?.family).toBe(end?.family);
    expect(start && familyKey(delta, start.family)).toBe(end && familyKey(done, end.family));
    expect(start && deltaText(delta, start.family)).toBe('It');
    expect(end && doneText(done, end.family)).toBe('It is');
  });

  test('a shell command is told from its neighbour by its index', () => {
    const key = (index: number) => {
      const one = event(
        { type: 'response.shell_call_command.delta', output_index: 1, command_index: index, delta: 'l' },
        'responses',
      );
      return familyKey(one, family('shell command', 'responses'));
    };
    expect(key(0)).not.toBe(key(1));
  });

  test('a pair has a beginning and an end', () => {
    expect(pairOf(event({ type: 'input_audio_buffer.speech_started', item_id: 'i' }))?.part).toBe('start');
    expect(pairOf(event({ type: 'output_audio_buffer.cleared', response_id: 'r' }))?.part).toBe('end');
    expect(pairOf(event({ type: 'response.output_text.delta' }))).toBeNull();
    expect(streamOf(event({ type: 'rate_limits.updated' }))).toBeNull();
    expect(streamOf(event({ type: 'something.new' }))).toBeNull();
  });
});

describe('what is no fault', () => {
  test('missing audio deltas, where audio travels on the media track', () => {
    expect(exceptionFor(family('audio'), 'no_delta', WEBSOCKET)).toBeNull();
    expect(exceptionFor(family('audio'), 'no_delta', { ...WEBSOCKET, transport: 'webrtc' })).not.toBeNull();
    expect(exceptionFor(family('audio'), 'no_delta', { ...WEBSOCKET, mode: 'sideband' })).not.toBeNull();
    expect(exceptionFor(family('audio'), 'no_delta', { ...WEBSOCKET, status: 'cancelled' })).not.toBeNull();
  });

  test('half a JSON, where the response was cut', () => {
    expect(exceptionFor(family('function arguments'), 'invalid_json', WEBSOCKET)).toBeNull();
    expect(exceptionFor(family('function arguments'), 'invalid_json', { ...WEBSOCKET, status: 'incomplete' })).not.toBeNull();
  });

  test('a transcript that differs, once its item was truncated', () => {
    expect(exceptionFor(family('audio transcript'), 'mismatch', WEBSOCKET)).toBeNull();
    expect(exceptionFor(family('audio transcript'), 'mismatch', { ...WEBSOCKET, truncated: true })).not.toBeNull();
  });
});
