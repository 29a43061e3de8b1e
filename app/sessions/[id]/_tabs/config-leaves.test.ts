import { expect, test } from 'vitest';
import { configLeaves } from './config-leaves.ts';

test('what differs stands first, then what was asked for and holds, then what the provider chose', () => {
  const leaves = configLeaves(
    { type: 'realtime', instructions: 'Be brief.', audio: { output: { voice: 'marin' } } },
    { type: 'realtime', instructions: 'Be brief.', audio: { output: { voice: 'alloy', speed: 1 } } },
    'openai',
  );
  expect(leaves.map(({ path, verdict }) => `${path} ${verdict}`)).toEqual([
    'audio.output.voice different',
    'type same',
    'instructions same',
    'audio.output.speed default',
  ]);
});

test('both shapes are compared in the names of today', () => {
  const leaves = configLeaves({ voice: 'marin' }, { audio: { output: { voice: 'marin' } } }, 'openai');
  expect(leaves).toEqual([{ path: 'audio.output.voice', requested: 'marin', effective: 'marin', verdict: 'same' }]);
});

test('what the provider does not speak of is missing', () => {
  expect(configLeaves({ instructions: 'Be brief.' }, { type: 'realtime' }, 'openai')[0]).toEqual({
    path: 'instructions',
    requested: 'Be brief.',
    effective: undefined,
    verdict: 'missing',
  });
});
