import { describe, expect, it } from 'vitest';
import { findIn, findingsOf } from '#tests/support/rule-run.ts';

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

describe('is quiet', () => {
  it.each([
    ['about nothing', ''],
    ['where the deltas are the whole', answer(['Hel', 'lo'], 'Hello')],
    ['where there are no deltas: that is another rule', answer([], 'Hello')],
    ['about the blank that transcription models begin with: 6 characters against 5', heard([' Hel', 'lo'], 'Hello')],
    [
      'about a response whose first deltas went before the capture began',
      answer(['lo'], 'Hello').split('\n').slice(1).join('\n'),
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
    [
      'about types that the catalogue does not know',
      '0 s>c response.created r1\n1 s>c response.smell.delta r1 i1 delta=a\n2 s>c response.smell.done r1 i1 text=b',
    ],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([]);
  });
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

  it('points at the first delta and the closing event', () => {
    expect(find(answer(['He', 'l'], 'Hello'))).toEqual(['default high 2 4']);
  });

  it('a transcript of the user that lacks words, less: models correct themselves', () => {
    expect(find(heard([' Hello'], 'Hello there'))).toEqual(['default medium 1 2']);
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
