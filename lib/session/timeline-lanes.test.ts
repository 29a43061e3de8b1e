import { describe, expect, it } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { eventRows, foldScript, SCRIPT_START } from '#tests/support/fold-session.ts';
import type { ScriptLine } from '#tests/support/script.ts';
import { script } from '#tests/support/script.ts';
import type { Timeline } from './timeline-lanes.ts';
import { appendEvents, openTimeline } from './timeline-lanes.ts';
import type { TimelineLayout } from './timeline-layout.ts';
import { layoutTimeline } from './timeline-layout.ts';

const CALL = script(`
  100   s>c  input_audio_buffer.speech_started      i1 audio_start_ms=0
  900   s>c  input_audio_buffer.speech_stopped      i1 audio_end_ms=800
  905   s>c  input_audio_buffer.committed           i1
  920   s>c  response.created                       r1
  930   s>c  response.output_item.added             r1 i2 {"item":{"type":"message","role":"assistant","status":"in_progress"}}
  1200  s>c  response.output_audio_transcript.delta r1 i2 delta=Well
  1210  s>c  response.output_audio.delta            r1 i2 delta=AAAA
  1500  s>c  input_audio_buffer.speech_started      i3 audio_start_ms=1400
  1520  s>c  response.done                          r1 {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"}}}
  1600  c>s  response.cancel
  1620  s>c  error                                  {"error":{"code":"response_cancel_not_active","message":"Cancellation failed: no active response found"}}
  2000  s>c  input_audio_buffer.speech_stopped      i3 audio_end_ms=1900
  2010  s>c  response.created                       r2
  2020  s>c  response.output_item.done              r2 i4 c1 {"item":{"type":"function_call","name":"f","arguments":"{}","status":"completed"}}
  2030  s>c  response.done                          r2 {"response":{"status":"completed"}}
  2100  c>s  conversation.item.create               c1 {"item":{"type":"function_call_output","output":"7"}}
  2110  c>s  response.create
  2130  s>c  response.created                       r3`);

function drawn(lines: readonly ScriptLine[], clock: 'wall' | 'none' = 'wall'): { timeline: Timeline; layout: TimelineLayout } {
  const folded = foldScript(lines, { clock });
  const timeline = openTimeline(folded.session);
  appendEvents(timeline, eventRows(lines, { clock }));
  return { timeline, layout: layoutTimeline(timeline, folded) };
}

describe('lanes', () => {
  it('draw speech, responses and tool calls in microseconds since the session began', () => {
    const { layout } = drawn(CALL);
    expect(layout.kind).toBe('time');
    expect(layout.endX).toBe(2_130_000);
    expect(layout.speech.map((span) => [span.x0, span.x1, span.open, span.row])).toEqual([
      [100_000, 900_000, false, 0],
      [1_500_000, 2_000_000, false, 0],
    ]);
    expect(
      layout.responses.map((span) => [span.x0, span.firstOutputX, span.firstAudioX, span.cancelledX, span.x1, span.open]),
    ).toEqual([
      [920_000, 1_200_000, 1_210_000, 1_210_000, 1_520_000, false],
      [2_010_000, null, null, null, 2_030_000, false],
      [2_130_000, null, null, null, 2_130_000, true],
    ]);
    expect(layout.tools).toMatchObject([
      { x0: 2_020_000, calledX: 2_020_000, outputX: 2_100_000, followUpX: 2_130_000, x1: 2_130_000 },
    ]);
    expect(layout.transcripts).toMatchObject([{ role: null, text: 'Well', x: 930_000 }].map(({ text, x }) => ({ text, x })));
  });

  it('say when audio is heard, and from where on nobody heard it', () => {
    // 48,000 bytes of 24 kHz PCM16 are one second; three seconds come within 20 ms.
    const second = `{"delta":"${Buffer.alloc(48_000).toString('base64')}"}`;
    const lines = script(`
      0    s>c  session.created                 {"session":{"type":"realtime","audio":{"output":{"format":{"type":"audio/pcm","rate":24000}}}}}
      100  s>c  response.created                r1
      200  s>c  response.output_audio.delta     r1 i1 ${second}
      210  s>c  response.output_audio.delta     r1 i1 ${second}
      220  s>c  response.output_audio.delta     r1 i1 ${second}
      300  s>c  response.done                   r1 {"response":{"status":"completed"}}
      900  c>s  conversation.item.truncate      i1 content_index=0 audio_end_ms=700
      910  s>c  conversation.item.truncated     i1 content_index=0 audio_end_ms=700`);
    const playback = { startX: 200_000, endX: 3_200_000 };
    expect(drawn(lines).layout.responses[0]?.playback).toEqual({ ...playback, cutX: 900_000 });
    expect(drawn(lines.slice(0, 6)).layout.responses[0]?.playback).toEqual({ ...playback, cutX: null });
    expect(
      drawn(
        lines.map((line) => ({ ...line, ms: null })),
        'none',
      ).layout.responses[0]?.playback,
    ).toBeNull();
  });

  it('end a call of a Responses stream with its response where the client, which sends the output elsewhere, is not seen', () => {
    const stream = `
      0    s>c  response.created            r1 sequence_number=0
      10   s>c  response.output_item.done   sequence_number=1 {"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"f","status":"completed"}}
      20   s>c  response.completed          r1 sequence_number=2
      90   s>c  response.created            r2 sequence_number=0`;
    expect(drawn(script(stream)).layout.tools).toMatchObject([{ x0: 10_000, x1: 20_000, open: false }]);
    expect(drawn(script(`${stream}\n95 c>s response.create`)).layout.tools).toMatchObject([{ x1: 95_000, open: true }]);
  });

  it('show the silence before the end: what never ended goes on until then', () => {
    const lines = script(`
      0    s>c  response.created             r1
      50   s>c  response.output_item.added   r1 i1 {"item":{"type":"message","role":"assistant","status":"in_progress"}}
      100  s>c  response.output_text.delta   r1 i1 delta=Once`);
    const folded = foldScript(lines);
    const timeline = openTimeline(folded.session);
    appendEvents(timeline, eventRows(lines));
    const endedAt = (SCRIPT_START + 12_000_000) as WallMicros;
    const { endX, responses, items } = layoutTimeline(timeline, { ...folded, session: { ...folded.session, endedAt } });
    expect(endX).toBe(12_000_000);
    expect([...responses, ...items].map((span) => [span.x0, span.x1, span.open])).toEqual([
      [0, 12_000_000, true],
      [50_000, 12_000_000, true],
    ]);
  });

  it('end items that are whole at once, and those of a response that is over, though nothing says that they are done', () => {
    const { layout } = drawn(
      script(`
        0   s>c  conversation.item.created   i1 {"item":{"type":"message","role":"user"}}
        10  s>c  response.created            r1
        20  s>c  response.output_item.added  r1 i2 {"item":{"type":"reasoning"}}
        30  s>c  response.output_item.done   r1 i2 {"item":{"type":"reasoning"}}
        40  s>c  response.output_item.added  r1 i3 {"item":{"type":"reasoning"}}
        90  s>c  response.done               r1 {"response":{"status":"completed","output":[{"id":"item_i2","type":"reasoning"},{"id":"item_i3","type":"reasoning"}]}}`),
    );
    expect(layout.items.map((span) => [span.x0, span.x1, span.open])).toEqual([
      [0, 0, false],
      [20_000, 30_000, false],
      [40_000, 90_000, false],
    ]);
  });

  it('add up what responses used, as they end', () => {
    const usage = (input: number, output: number) =>
      `{"response":{"status":"completed","usage":{"input_tokens":${input},"output_tokens":${output},"total_tokens":${input + output}}}}`;
    const { layout } = drawn(
      script(`
        0   s>c  response.created  r1
        10  s>c  response.created  r2 {"response":{"conversation_id":null}}
        20  s>c  response.done     r2 ${usage(30, 4)}
        30  s>c  response.done     r1 ${usage(100, 20)}
        40  s>c  response.created  r3`),
    );
    // 34, then 34 + 120; the response that is still open has used nothing yet.
    expect(layout.usage.map((step) => [step.x, step.seq, step.ordinal, step.tokens, step.sumTokens])).toEqual([
      [20_000, 3, 2, 34, 34],
      [30_000, 4, 1, 120, 154],
    ]);
  });

  it('link causes with what they caused', () => {
    const { layout } = drawn(CALL);
    expect(layout.links.map((link) => [link.kind, link.fromSeq, link.toSeq])).toEqual([
      ['error', 10, 11],
      ['answer', 2, 4],
      ['interrupt', 8, 9],
      ['answer', 12, 13],
      ['answer', 16, 18],
      ['output', 14, 16],
      ['follow_up', 16, 18],
    ]);
  });

  it('of a session without times lie in the order of events', () => {
    const { layout } = drawn(
      CALL.map((line) => ({ ...line, ms: null })),
      'none',
    );
    expect(layout.kind).toBe('order');
    expect(layout.speech.map((span) => [span.x0, span.x1])).toEqual([
      [0, 1],
      [7, 11],
    ]);
    expect(layout.responses.map((span) => [span.x0, span.firstAudioX, span.x1])).toEqual([
      [3, 6, 8],
      [12, null, 14],
      [17, null, 17],
    ]);
  });

  it('never go back when a time does', () => {
    const timeline = openTimeline({ clock: 'wall', startedAt: SCRIPT_START });
    appendEvents(timeline, eventRows(script('50 s>c ping\n20 s>c ping\n- s>c ping\n70 s>c ping')));
    expect([...timeline.server.xs.values.slice(0, 4)]).toEqual([50_000, 50_000, 50_000, 70_000]);
  });

  it('give overlapping spans rows of their own', () => {
    const { layout } = drawn(
      script(`
        0   s>c  response.created  r1
        10  s>c  response.created  r2 {"response":{"conversation_id":null}}
        20  s>c  response.done     r1 {"response":{"status":"completed"}}
        30  s>c  response.created  r3
        40  s>c  response.done     r2 {"response":{"status":"completed"}}`),
    );
    expect(layout.responses.map((span) => span.row)).toEqual([0, 1, 0]);
  });

  it('have a tick for each message of a party, and one more for each error', () => {
    const { timeline } = drawn(CALL);
    const { client, server, errors } = timeline;
    expect([client.xs.length + server.xs.length, errors.xs.length]).toEqual([CALL.length, 1]);
  });
});
