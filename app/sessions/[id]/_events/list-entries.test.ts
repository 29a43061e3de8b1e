import { expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import type { EventRow } from '#lib/session/view.ts';
import { EventLog } from '../_live/event-log.ts';
import { EntryList, entryOf, toLines, totalsOf } from './list-entries.ts';

const TYPES: Record<string, string> = {
  A: 'response.output_audio.delta',
  T: 'response.output_audio_transcript.delta',
  M: 'input_audio_buffer.append',
  c: 'response.created',
  d: 'response.done',
};

/** One letter per event; a digit is that many messages lost. */
function logOf(text: string, log = new EventLog(), from = 0): EventLog {
  let seq = from;
  const rows: EventRow[] = [];
  for (const letter of text) {
    if (/\d/.test(letter)) {
      seq += Number(letter);
      continue;
    }
    seq += 1;
    const type = TYPES[letter] ?? letter;
    rows.push({
      seq,
      at: (seq * 10_000) as WallMicros,
      direction: letter === 'M' ? 'client_to_server' : 'server_to_client',
      type,
      canonicalType: type,
      eventId: null,
      responseId: null,
      itemId: letter === 'M' ? null : 'item_1',
      callId: null,
      byteLength: 100,
      audioBytes: letter === 'A' ? 48 : 0,
      format: 'json',
      problem: null,
      flags: [],
      note: null,
    });
  }
  log.append(rows);
  return log;
}

function draw(log: EventLog, list = new EntryList(log, () => true)): string {
  const letter = (index: number) => Object.keys(TYPES).find((key) => TYPES[key] === log.kindAt(index).type) ?? '?';
  return list
    .update()
    .map((entry) => letter(entry.index) + (entry.members === null ? '' : entry.members.length))
    .join(' ');
}

test.each([
  ['cAAAAd', 'c A4 d'],
  ['cATATATd', 'c A3 T3 d'],
  ['cAMTAMTAMTd', 'c A3 M3 T3 d'],
  ['cAAd', 'c A A d'],
  ['cAAATd', 'c A3 T d'],
  ['AAAA', 'A4'],
  ['', ''],
])('%s folds to %s', (events, expected) => {
  expect(draw(logOf(events))).toBe(expected);
});

test('a loss splits a run, so that the gap stands between its halves', () => {
  expect(draw(logOf('cAAA3AAAd'))).toBe('c A3 A3 d');
});

test('growing in any pieces gives what one load gives', () => {
  const text = 'cATATATTTMMdcAA5AMAAMMAAdMMMMcd';
  const whole = draw(logOf(text));
  for (let cut = 1; cut < text.length; cut += 1) {
    const log = logOf(text.slice(0, cut));
    const list = new EntryList(log, () => true);
    list.update();
    logOf(text.slice(cut), log, log.lastSeq);
    expect(draw(log, list)).toBe(whole.length === 0 ? '' : draw(log));
  }
});

test('finds the line of an event inside a run, and none for a hidden one', () => {
  const log = logOf('cATATATd');
  const entries = new EntryList(log, (index) => index !== 7).update();
  expect(entryOf(entries, 0)).toBe(0);
  expect(entryOf(entries, 5)).toBe(1);
  expect(entryOf(entries, 6)).toBe(2);
  expect(entryOf(entries, 7)).toBe(-1);
});

test('an unfolded run shows its members below itself', () => {
  const log = logOf('cAAAd');
  const entries = new EntryList(log, () => true).update();
  expect(toLines(entries, log, new Set([2])).map((line) => line.member)).toEqual([-1, -1, 1, 2, 3, -1]);
  expect(totalsOf(log, entries[1]?.members ?? [])).toEqual({ count: 3, bytes: 300, audioBytes: 144, spanMs: 20 });
});
