import { expect, test } from 'vitest';
import { eventRows, foldScript } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';
import { EventLog } from '../_live/event-log.ts';
import type { Bar } from './scene.ts';
import { barAround, lastKnown, makeScene } from './scene.ts';

const bar = (label: string, seq: number, toSeq: number, from: number, to: number): Bar => ({
  row: 0,
  look: 'plain',
  colour: 'item',
  mark: null,
  markLabel: '',
  playback: null,
  detail: null,
  label,
  seq,
  toSeq,
  from,
  to,
  known: to,
});

test('the bar around a message is the shortest of those that are a part of the session: no step of usage, no span of evidence', () => {
  const lane = (...bars: Bar[]) => ({ bars, rows: 1 });
  const bars = {
    responses: lane(bar('response', 3, 9, 30, 90)),
    items: lane(bar('item', 4, 8, 40, 80), bar('moment', 5, 5, 50, 50)),
    usage: lane(bar('usage', 9, 9, 90, 95)),
    anomalies: lane(bar('anomaly', 5, 6, 50, 60)),
  };
  expect([2, 3, 5, 9].map((seq) => barAround({ bars }, seq)?.label)).toEqual([undefined, 'response', 'item', 'response']);
});

test('of a call that no message answers, only the part is known that messages speak of', () => {
  const lines = script(`
    0    s>c  response.created                        r1
    100  s>c  response.output_item.added              r1 i1 c1 {"item":{"type":"function_call","name":"f","arguments":""}}
    200  s>c  response.function_call_arguments.done   r1 i1 c1 {"arguments":"{}"}
    300  s>c  response.output_item.done               r1 i1 c1 {"item":{"type":"function_call","name":"f","arguments":"{}","status":"completed"}}
    400  s>c  response.done                           r1 {"response":{"status":"completed"}}
    900  s>c  rate_limits.updated`);
  const folded = foldScript(lines);
  const log = new EventLog(folded.session);
  log.append(eventRows(lines));
  const toolOf = (status: 'open' | 'ended') =>
    makeScene(log, { ...folded, session: { ...folded.session, status }, anomalies: [] }, 'every').bars.tools?.bars[0];
  expect(toolOf('ended')).toMatchObject({ look: 'unclosed', from: 100_000, known: 300_000, to: 900_000 });
  expect([toolOf('ended'), toolOf('open')].map((each) => each && lastKnown(each))).toEqual([300_000, 900_000]);
  expect(toolOf('open')).toMatchObject({ look: 'open', to: 900_000 });
});
