import { describe, expect, it } from 'vitest';
import { eventRows } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';
import { appendRows, countOf, openRuns } from './fold-runs.ts';
import type { EventRow } from './view.ts';

const TALK = script(`
  0    s>c  response.created                        r1
  10   c>s  input_audio_buffer.append               audio=AAAA
  20   s>c  response.output_audio.delta             r1 i1 delta=${'AAAA'.repeat(16)}
  30   s>c  response.output_audio_transcript.delta  r1 i1 delta=a
  40   s>c  response.output_audio.delta             r1 i1 delta=${'AAAA'.repeat(16)}
  50   c>s  input_audio_buffer.append               audio=AAAA
  60   s>c  response.output_audio.delta             r2 i2 delta=AAAA
  70   s>c  response.output_audio.done              r1 i1
  80   s>c  response.output_audio.delta             r1 i1 delta=AAAA`);

function typesAndCounts(rows: readonly EventRow[], cuts: readonly number[]): [string, number][] {
  const list = openRuns();
  let next = 0;
  for (const cut of [...cuts, rows.length]) {
    appendRows(list, rows.slice(next, cut));
    next = cut;
  }
  return list.entries.map((run) => [run.type, countOf(run)]);
}

describe('runs of deltas', () => {
  it('gather each stream of a block, although several talk at once', () => {
    expect(typesAndCounts(eventRows(TALK), [])).toEqual([
      ['response.created', 1],
      ['input_audio_buffer.append', 2],
      ['response.output_audio.delta', 2],
      ['response.output_audio_transcript.delta', 1],
      ['response.output_audio.delta', 1],
      ['response.output_audio.done', 1],
      ['response.output_audio.delta', 1],
    ]);
  });

  it('are the same however the rows arrive', () => {
    const rows = eventRows(TALK);
    for (let cut = 0; cut <= rows.length; cut += 1) expect(typesAndCounts(rows, [cut])).toEqual(typesAndCounts(rows, []));
  });

  it('count what is missing between their first and last message', () => {
    const rows = eventRows(
      script('0 s>c response.output_text.delta r1 i1 delta=a\n5 s>c response.output_text.delta r1 i1 delta=b'),
    );
    const list = openRuns();
    appendRows(list, [
      { ...(rows[0] as EventRow), seq: 10 },
      { ...(rows[1] as EventRow), seq: 13 },
    ]);
    expect(list.entries).toMatchObject([{ fromSeq: 10, toSeq: 13, gaps: 2, indexes: [0, 1] }]);
  });
});
