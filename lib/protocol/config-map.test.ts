import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import { canonicalConfig, compareConfig } from './config-map.ts';

describe('the GA shape of a session', () => {
  test('puts each flat field in its place', () => {
    const beta: JsonObject = {
      modalities: ['text', 'audio'],
      voice: 'alloy',
      input_audio_format: 'g711_ulaw',
      output_audio_format: 'pcm16',
      input_audio_transcription: null,
      turn_detection: { type: 'server_vad' },
      max_response_output_tokens: 'inf',
      temperature: 0.8,
      instructions: 'Hi.',
    };
    const before = structuredClone(beta);
    expect(canonicalConfig(beta)).toEqual({
      output_modalities: ['audio'],
      audio: {
        input: { format: { type: 'audio/pcmu' }, transcription: null, turn_detection: { type: 'server_vad' } },
        output: { voice: 'alloy', format: { type: 'audio/pcm', rate: 24000 } },
      },
      max_output_tokens: 'inf',
      temperature: 0.8,
      instructions: 'Hi.',
    });
    expect(beta).toEqual(before);
  });

  test('is left as it is, and wins over a flat field of the same meaning', () => {
    const ga = { type: 'realtime', audio: { output: { voice: 'marin' } }, output_modalities: ['text'] };
    expect(canonicalConfig(ga)).toEqual(ga);
    expect(canonicalConfig({ ...ga, voice: 'alloy', modalities: ['audio'] })).toEqual(ga);
  });

  test('keeps what nobody has described, and values outside the map', () => {
    expect(canonicalConfig({ avatar: {}, input_audio_format: 'opus' })).toEqual({
      avatar: {},
      audio: { input: { format: 'opus' } },
    });
  });
});

describe('a difference between request and answer', () => {
  const differences = (requested: JsonObject, effective: JsonObject, provider = 'openai') =>
    compareConfig(requested, effective, provider).map((one) => `${one.path} ${one.kind}`);

  test.each<[string, JsonObject, JsonObject, string[]]>([
    ['none in the same configuration', { voice: 'alloy' }, { voice: 'alloy', temperature: 0.8 }, []],
    [
      'none across the shapes',
      { modalities: ['audio', 'text'], voice: 'alloy' },
      { output_modalities: ['audio'], audio: { output: { voice: 'alloy' } } },
      [],
    ],
    [
      'a leaf deep inside',
      { turn_detection: { type: 'semantic_vad', eagerness: 'low' } },
      { turn_detection: { type: 'server_vad', eagerness: 'low' } },
      ['audio.input.turn_detection.type different'],
    ],
    [
      'a leaf that is not answered',
      { audio: { input: { noise_reduction: { type: 'near_field' } } } },
      { audio: { input: {} } },
      ['audio.input.noise_reduction.type missing'],
    ],
    [
      'a field refused by its absence',
      { instructions: 'Be kind.' },
      { instructions: 'Your knowledge cutoff is 2023-10.' },
      ['instructions different'],
    ],
    ['none for what is switched off', { turn_detection: null, tools: [], instructions: '' }, { tools: [], instructions: '' }, []],
    [
      'what should be off and is on',
      { turn_detection: null },
      { turn_detection: { type: 'server_vad' } },
      ['audio.input.turn_detection different'],
    ],
    ['none for a number kept in 32 bits', { temperature: 0.8 }, { temperature: 0.800000011920929 }, []],
    [
      'none for a voice by its id',
      { audio: { output: { voice: { id: 'marin' } } } },
      { audio: { output: { voice: 'marin' } } },
      [],
    ],
    ['none for a voice in capitals', { voice: 'ara' }, { voice: 'Ara' }, []],
    ['another voice', { voice: 'marin' }, { voice: 'alloy' }, ['audio.output.voice different']],
    ['none for a snapshot of the model', { model: 'gpt-realtime' }, { model: 'gpt-realtime-2025-08-28' }, []],
    ['another model', { model: 'gpt-realtime' }, { model: 'gpt-4o' }, ['model different']],
    [
      'none for a snapshot of the transcribing model',
      { audio: { input: { transcription: { model: 'm' } } } },
      { audio: { input: { transcription: { model: 'm-2025-03-20' } } } },
      [],
    ],
    [
      'none for null where it asks for the default',
      { tool_choice: null, voice: null },
      { tool_choice: 'auto', voice: 'alloy' },
      [],
    ],
    ['none for turn detection of the type none', { turn_detection: { type: 'none' } }, { turn_detection: null }, []],
    ['none for blanks at the ends of a text', { instructions: 'Be kind.\n' }, { instructions: 'Be kind.' }, []],
    [
      'none for the order of keys within a list',
      { tools: [{ name: 'a', parameters: { anyOf: [{ type: 'string', title: 't' }] } }] },
      { tools: [{ name: 'a', parameters: { anyOf: [{ title: 't', type: 'string' }] } }] },
      [],
    ],
    [
      'none for tools that are named inside, as the chat API does',
      {
        tools: [
          { type: 'function', function: { name: 'a' } },
          { type: 'function', function: { name: 'b' } },
        ],
      },
      {
        tools: [
          { type: 'function', function: { name: 'b' } },
          { type: 'function', function: { name: 'a' } },
        ],
      },
      [],
    ],
    [
      'none for the address of an MCP server and the variables of a prompt',
      { tools: [{ server_label: 'd', server_url: 'https://a.example/mcp' }], prompt: { id: 'p', variables: { city: 'Rome' } } },
      {
        tools: [{ server_label: 'd', server_url: 'https://a.example/<redacted>' }],
        prompt: { id: 'p', variables: { city: { text: 'Rome' } } },
      },
      [],
    ],
    [
      'none for interrupt_response that is not echoed',
      { turn_detection: { interrupt_response: false } },
      { turn_detection: {} },
      [],
    ],
    [
      'interrupt_response that was not taken over',
      { turn_detection: { interrupt_response: false } },
      { turn_detection: { interrupt_response: true } },
      ['audio.input.turn_detection.interrupt_response different'],
    ],
    ['none for secrets and tracing', { client_secret: { expires_after: 1 }, tracing: 'auto' }, {}, []],
    ['none for the order of a list', { include: ['a', 'b'] }, { include: ['b', 'a'] }, []],
    [
      'none for the order of tools',
      { tools: [{ name: 'a' }, { name: 'b', strict: null }] },
      { tools: [{ name: 'b' }, { name: 'a', type: 'function' }] },
      [],
    ],
    ['a tool that was lost', { tools: [{ name: 'a' }, { name: 'b' }] }, { tools: [{ name: 'a' }] }, ['tools.b different']],
    ['all tools lost', { tools: [{ name: 'a' }] }, { tools: [] }, ['tools.a different']],
    ['tools that are not echoed at all', { tools: [{ name: 'a' }] }, {}, ['tools missing']],
    [
      'none for an MCP key that is not echoed',
      { tools: [{ type: 'mcp', server_label: 'd', authorization: 'x' }] },
      { tools: [{ type: 'mcp', server_label: 'd' }] },
      [],
    ],
    ['none for a session type that beta does not have', { type: 'realtime' }, { modalities: ['text'] }, []],
    ['another session type', { type: 'transcription' }, { type: 'realtime' }, ['type different']],
  ])('%s', (_name, requested, effective, expected) => {
    expect(differences(requested, effective)).toEqual(expected);
  });

  test('what a provider takes otherwise is none', () => {
    const asked = { model: 'my-deployment', instructions: '', voice: 'Ara' };
    const answer = { model: 'gpt-realtime', instructions: 'You are helpful.' };
    expect(differences(asked, answer)).toEqual(['model different', 'audio.output.voice missing']);
    expect(differences(asked, answer, 'azure-openai')).toEqual(['audio.output.voice missing']);
    expect(differences(asked, answer, 'xai')).toEqual([]);
    expect(differences({ voice: 'Ara' }, { voice: 'Eve' }, 'xai')).toEqual(['audio.output.voice different']);
  });

  test('shows both values', () => {
    expect(compareConfig({ voice: 'marin' }, {}, 'openai')).toEqual([
      { path: 'audio.output.voice', requested: 'marin', effective: null, kind: 'missing' },
    ]);
    expect(compareConfig({ max_output_tokens: 100 }, { max_output_tokens: 'inf' }, 'openai')).toEqual([
      { path: 'max_output_tokens', requested: 100, effective: 'inf', kind: 'different' },
    ]);
  });
});
