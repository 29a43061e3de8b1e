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
