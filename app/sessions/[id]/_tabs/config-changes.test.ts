import { expect, test } from 'vitest';
import { configChanges } from './config-changes.ts';

const BEFORE = {
  id: 'sess_1',
  voice: 'alloy',
  instructions: 'Be brief.',
  turn_detection: { type: 'server_vad', threshold: 0.5 },
};

test('what a whole configuration no longer names is gone', () => {
  const after = { id: 'sess_2', audio: { output: { voice: 'marin' } }, instructions: 'Be brief.' };
  expect(configChanges(BEFORE, after, true)).toEqual([
    { path: 'audio.output.voice', before: 'alloy', after: 'marin' },
    { path: 'audio.input.turn_detection.type', before: 'server_vad', after: undefined },
    { path: 'audio.input.turn_detection.threshold', before: 0.5, after: undefined },
  ]);
});

test('a request changes only what it names', () => {
  expect(configChanges(BEFORE, { voice: 'alloy', speed: 1.2 }, false)).toEqual([
    { path: 'audio.output.speed', before: undefined, after: 1.2 },
  ]);
});

test('what is written otherwise but means the same is no change', () => {
  const before = { turn_detection: null, tools: [{ name: 'f', parameters: { a: 1, b: 2 } }], speed: 0.8, voice: 'marin' };
  const after = {
    tools: [{ parameters: { b: 2, a: 1 }, name: 'f' }],
    audio: { output: { speed: 0.800000011920929, voice: { id: 'marin' } } },
  };
  expect(configChanges(before, after, true)).toEqual([]);
  expect(configChanges(before, after, false)).toEqual([]);
});

test('a tool that came and one that went are named', () => {
  const [f, g] = [
    { type: 'function', name: 'f' },
    { type: 'function', name: 'g' },
  ];
  expect(configChanges({ tools: [f] }, { tools: [g] }, true)).toEqual([
    { path: 'tools.g', before: undefined, after: g },
    { path: 'tools.f', before: f, after: undefined },
  ]);
});

test('null by name clears what was set', () => {
  expect(configChanges(BEFORE, { turn_detection: null, instructions: null }, false)).toEqual([
    { path: 'audio.input.turn_detection', before: { type: 'server_vad', threshold: 0.5 }, after: null },
    { path: 'instructions', before: 'Be brief.', after: null },
  ]);
});
