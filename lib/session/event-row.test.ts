import { describe, expect, it } from 'vitest';
import { decode } from '#lib/protocol/decode.ts';
import { SCRIPT_START } from '#tests/support/fold-session.ts';
import { toEventRow } from './event-row.ts';
import type { EventRow } from './view.ts';

function rowOf(text: string, flags: EventRow['flags'] = []): EventRow {
  const decoded = decode(text, 'realtime-beta');
  return toEventRow({
    seq: 7,
    at: SCRIPT_START,
    direction: 'server_to_client',
    byteLength: text.length,
    audioBytes: 0,
    decoded,
    format: 'json',
    flags,
  });
}

describe('the row of a message', () => {
  it('has the type of the wire and the current one, the ids and a note', () => {
    expect(rowOf('{"type":"response.text.delta","event_id":"e","response_id":"r","item_id":"i","delta":"Hello"}')).toMatchObject({
      seq: 7,
      at: SCRIPT_START,
      direction: 'server_to_client',
      type: 'response.text.delta',
      problem: null,
      flags: [],
      canonicalType: 'response.output_text.delta',
      eventId: 'e',
      responseId: 'r',
      itemId: 'i',
      callId: null,
      note: expect.stringContaining('Hello'),
    });
  });

  it('says why it could not be read', () => {
    expect(rowOf('not json')).toMatchObject({
      type: '',
      problem: 'DS_PROTOCOL_NOT_JSON',
      eventId: null,
      note: expect.any(String),
    });
  });

  it('marks types that nobody knows', () => {
    expect(rowOf('{"type":"vendor.new"}', ['masked']).flags).toEqual(['masked', 'unknown_type']);
  });

  it('has ids and types that any database takes, and says that they were changed', () => {
    const row = rowOf(`{"type":"x\\u0000y","event_id":"${'e'.repeat(5000)}","item_id":"a\\ud800"}`);
    expect(row.flags).toContain('sanitised');
    for (const text of [row.type, row.eventId, row.itemId]) {
      expect(text?.length).toBeLessThanOrEqual(200);
      expect(text).not.toMatch(/\0|\p{Surrogate}/u);
    }
  });
});
