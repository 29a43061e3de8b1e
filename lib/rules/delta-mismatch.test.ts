import { describe, expect, it } from 'vitest';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';
import { script } from '#tests/support/script.ts';

const find = (text: string, options = {}) => findingsOf('delta-mismatch', text, options);

/** A text response whose deltas are these words, closed with that text. */
const answer = (deltas: readonly string[], done: string, r = 'r1', i = 'i1') =>
  [
    `0 s>c response.created ${r}`,
    ...deltas.map(
      (delta) => `1 s>c response.output_text.delta ${r} ${i} output_index=0 content_index=0 ${JSON.stringify({ delta })}`,
    ),
    `2 s>c response.output_text.done ${r} ${i} output_index=0 content_index=0 ${JSON.stringify({ text: done })}`,
    `3 s>c response.done ${r} {"response":{"status":"completed"}}`,
  ].join('\n');

const heard = (deltas: readonly string[], transcript: string) =>
  [
    ...deltas.map(
      (delta) => `1 s>c conversation.item.input_audio_transcription.delta i1 content_index=0 ${JSON.stringify({ delta })}`,
    ),
    `2 s>c conversation.item.input_audio_transcription.completed i1 content_index=0 ${JSON.stringify({ transcript })}`,
  ].join('\n');

/** Events of a Responses stream; `stream_id` is the lane. */
const lane = (stream_id: string, r: string, i: string) => {
  const place = `${i} output_index=0 content_index=0 sequence_number=1 stream_id=${stream_id}`;
  return {
    created: `- s>c response.created ${r} sequence_number=0 stream_id=${stream_id} {"response":{"object":"response"}}`,
    delta: (delta: string) => `- s>c response.output_text.delta ${place} ${JSON.stringify({ delta })}`,
    done: (text: string) => `- s>c response.output_text.done ${place} ${JSON.stringify({ text })}`,
    completed: `- s>c response.completed ${r} sequence_number=9 stream_id=${stream_id}`,
  };
};

/** A call whose arguments come in one delta, closed with those. */
const called = (delta: string, text: string, i = 'i1') => [
  `1 s>c response.output_item.added r1 ${i} output_index=0`,
  `2 s>c response.function_call_arguments.delta r1 ${i} output_index=0 ${JSON.stringify({ delta })}`,
  `3 s>c response.function_call_arguments.done r1 ${i} output_index=0 ${JSON.stringify({ arguments: text })}`,
];

describe('is quiet', () => {
  it.each([
    ['about nothing', ''],
    ['where the deltas are the whole', answer(['Hel', 'lo'], 'Hello')],
    ['where there are no deltas: that is another rule', answer([], 'Hello')],
    ['where the only delta is empty: that is no delta', answer([''], 'Hello')],
    [
      'about a transcript of the user whose deltas began before the capture did',
      heard([' in Rome?'], 'What is it like in Rome?'),
    ],
    ['about the blank that transcription models begin with: 6 characters against 5', heard([' Hel', 'lo'], 'Hello')],
    [
      'about a response whose first deltas went before the capture began',
      answer(['lo'], 'Hello').split('\n').slice(1).join('\n'),
    ],
    [
      'about a response whose beginning a proxy sends behind the first delta',
      answer(['Hel', 'lo'], 'Hello').replace(/^(.*)\n(.*)\n/, '$2\n$1\n'),
    ],
    ['about a part longer than is kept: 65,537 characters against 65,536', answer(['a'.repeat(65_536), 'b'], 'c')],
    [
      'about pieces that come under two names (xAI)',
      `0 s>c response.created r1
       1 s>c response.output_text.delta r1 i1 output_index=0 content_index=0 delta=Hi
       2 s>c response.text.delta r1 i1 output_index=0 content_index=0 delta=Hi
       3 s>c response.output_text.done r1 i1 output_index=0 content_index=0 text=Hi
       4 s>c response.text.done r1 i1 output_index=0 content_index=0 text=Hi`,
    ],
    [
      'after a truncation, which shortens the transcript',
      `0 s>c response.created r1
       1 s>c response.output_audio_transcript.delta r1 i1 output_index=0 content_index=0 delta=Hello
       2 s>c conversation.item.truncated i1 content_index=0 audio_end_ms=10
       3 s>c response.output_audio_transcript.done r1 i1 output_index=0 content_index=0 transcript=Hel`,
    ],
    [
      'after messages were lost: the fault is ours',
      answer(['Hel', 'lo'], 'Hello!').replace('2 s>c response.output_text', '1 s>c (loss)\n2 s>c response.output_text'),
    ],
    ['about transcripts of the user once messages were lost', `0 s>c (loss)\n${heard(['lo'], 'Hello')}`],
    ['where the session ends while the part is open', answer(['Hel'], 'Hello').split('\n').slice(0, 2).join('\n')],
    ['about a character whose halves came in two deltas', answer(['\ud83d', '\ude00'], '😀')],
    [
      'about two calls that were announced, which a proxy gives one output index',
      (() => {
        const [first, second] = [called('{"a":1}', '{"a":1}'), called('{"b":2}', '{"b":2}', 'i2')];
        const order = [first[0], first[1], second[0], second[1], first[2], second[2]];
        return ['0 s>c response.created r1', ...order].join('\n');
      })(),
    ],
    [
      'about types that the catalogue does not know',
      '0 s>c response.created r1\n1 s>c response.smell.delta r1 i1 delta=a\n2 s>c response.smell.done r1 i1 text=b',
    ],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });
});

it('is quiet about two lanes of one Responses socket', () => {
  const [a, b] = [lane('a', 'r1', 'i1'), lane('b', 'r2', 'i2')];
  const begin = [a.created, b.created, a.delta('Hi'), b.delta('Yo'), a.done('Hi'), a.completed];
  const text = [...begin, b.delta('!'), b.done('Yo!')].join('\n');
  expect(find(text, { capture: { path: '/v1/responses' } })).toEqual([]);
});

describe('flags', () => {
  it.each([
    ['a missing end', answer(['Hel'], 'Hello'), 'end missing', 3, 5],
    ['a missing start', answer(['lo'], 'Hello'), 'start missing', 2, 5],
    ['a missing middle', answer(['He', 'o'], 'Hello'), 'middle missing', 3, 5],
    ['a delta that came twice', answer(['Hel', 'Hel', 'lo'], 'Hello'), 'text repeated or added', 8, 5],
    ['another text', answer(['Good', ' bye'], 'Hello'), 'different text', 8, 5],
  ])('%s', (_, text, how, deltaCharacters, doneCharacters) => {
    expect(findIn(text).map((anomaly) => [anomaly.severity, anomaly.values])).toMatchObject([
      ['high', { how, deltaCharacters, doneCharacters }],
    ]);
  });

  it('the same at xAI, which mostly leaves the text out of its closing events', () => {
    const spoken = answer(['Hel'], 'Hello')
      .replaceAll('output_text', 'output_audio_transcript')
      .replace('"text"', '"transcript"');
    const capture = { upstream: 'xai', upstreamKind: 'xai' } as const;
    expect(find(spoken, { capture })).toEqual(['default high 2 3']);
    expect(find(spoken.replace('{"transcript":"Hello"}', ''), { capture })).toEqual([]);
  });

  it('points at the first delta and the closing event', () => {
    expect(find(answer(['He', 'l'], 'Hello'))).toEqual(['default high 2 4']);
  });

  it('a transcript of the user that lacks words, less: models correct themselves', () => {
    expect(find(heard([' Hello'], 'Hello there'))).toEqual(['default medium 1 2']);
    const began = '0 s>c session.created {"session":{"id":"sess_1"}}';
    const late = `${began}\n${heard([' in Rome?'], 'What is it like in Rome?')}`;
    expect(find(late)).toEqual(['default medium 2 3']);
    // Beside a call, the connection's beginning is not the session's.
    expect(find(late, { capture: { query: { call_id: 'rtc_1' } } })).toEqual([]);
  });

  it('nothing of a stream whose places another response takes after one that never ended', () => {
    const created = (id: string) => `- s>c response.created ${id} sequence_number=0 {"response":{"object":"response"}}`;
    const delta = (text: string) =>
      `- s>c response.output_text.delta i1 output_index=0 content_index=0 sequence_number=1 delta=${text}`;
    const done = '- s>c response.output_text.done i1 output_index=0 content_index=0 sequence_number=2 text=b';
    expect(find([created('r1'), delta('a'), created('r2'), delta('b'), done].join('\n'))).toEqual([]);
  });

  it('two at once', () => {
    expect(find(`${answer(['a'], 'ab')}\n${answer(['c'], 'cd', 'r2', 'i2')}`)).toEqual(['default high 2 3', 'default high 6 7']);
  });

  it.each([
    ['another order and other blanks', '{"a": 1, "b":2}', '{"b":2,"a":1}'],
    ['nothing for no parameters', '{}', ''],
  ])('arguments that are the same JSON, written otherwise, as low: %s', (_, delta, text) => {
    expect(find(['0 s>c response.created r1', ...called(delta, text)].join('\n'))).toEqual(['default low 3 4']);
  });

  it('arguments that are other JSON', () => {
    expect(find(['0 s>c response.created r1', ...called('{"a":1}', '{"a":2}')].join('\n'))).toEqual(['default high 3 4']);
  });

  it('a closing event that is empty, less: the deltas are whole', () => {
    expect(find(answer(['Hello'], ''))).toEqual(['default medium 2 3']);
  });

  it('the same in an imported file less: what wrote it may have cut it', () => {
    expect(find(answer(['Hel'], 'Hello'), { capture: { mode: 'import' } })).toEqual(['imported medium 2 3']);
  });

  it('what a lane lost, also of the Responses events that the Live API wraps', () => {
    const a = lane('a', 'r1', 'i1');
    const stream = [a.created, a.delta('Hel'), a.done('Hello')];
    expect(find(stream.join('\n'), { capture: { path: '/v1/responses' } })).toEqual(['default high 2 3']);
    const wrapped = script(stream.join('\n')).map(({ event: { stream_id: _, ...event } }) => event);
    const live = (delegation_id: string) =>
      wrapped.map((event) => `- s>c response.event ${JSON.stringify({ delegation_id, event })}`);
    const [created, delta, closing] = live('d1');
    const other = live('d2');
    const text = [created, other[0], delta, other[1]?.replace('Hel', 'Hello'), other[2], closing].join('\n');
    expect(find(text, { capture: { path: '/v1/live/sessions' } })).toEqual(['default high 3 6']);
  });

  it('nothing where a stream names its response twice', () => {
    const a = lane('a', 'r1', 'i1');
    const text = [a.created, a.delta('Hel'), a.created, a.delta('lo'), a.done('Hello')].join('\n');
    expect(find(text, { capture: { path: '/v1/responses' } })).toEqual([]);
  });

  it('a command of a shell', () => {
    const at = 'output_index=0 command_index=0';
    const text = `- s>c response.created r1 sequence_number=0 {"response":{"object":"response"}}
      - s>c response.shell_call_command.added ${at} sequence_number=1 {"command":""}
      - s>c response.shell_call_command.delta ${at} sequence_number=2 delta=echo
      - s>c response.shell_call_command.done ${at} sequence_number=3 {"command":"echo hi"}`;
    expect(find(text, { capture: { path: '/v1/responses' } })).toEqual(['default high 3 4']);
  });

  it('blanks at the ends of an answer as low', () => {
    expect(find(answer(['Hello', '\n'], 'Hello'))).toEqual(['default low 2 4']);
  });

  it('a part of a connection that was made again, and nothing of before', () => {
    const first = answer(['a'], 'ab').split('\n').slice(0, 2);
    const text = [
      '0 s>c session.created {"session":{"id":"sess_1"}}',
      ...first,
      '1 s>c session.created {"session":{"id":"sess_2"}}',
      answer(['c'], 'cd', 'r2', 'i2'),
    ].join('\n');
    expect(find(text)).toEqual(['default high 6 7']);
  });
});
