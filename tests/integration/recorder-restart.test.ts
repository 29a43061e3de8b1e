import { expect, test } from 'vitest';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { drainFolder, Script, textResponse } from '#tests/support/recording.ts';
import { readStoredSession } from '#tests/support/stored-session.ts';

const room = makeRecorderRoom('restart');

/** Small batches: only the first of a run carries a checkpoint, so a restart has stored events to fold again. */
const drain = () => drainFolder(room.store, room.folder, { spool: room.spool, limits: { rows: 3, bytes: 1024 ** 2, ms: 1 } });

test('a recorder that is restarted anywhere ends with the same rows as one that never stopped', async () => {
  const straight = new Script();
  room.writer.append(conversation(straight));
  await drain();
  const expected = await readStoredSession(room.store, straight.id);
  const length = conversation(new Script()).length;
  for (const cuts of [[1], [2], [5, 6, 7], [9, 15, 22], Array.from({ length: length - 1 }, (_, index) => index + 1)]) {
    const script = new Script();
    const records = conversation(script);
    for (const [index, cut] of [...cuts, records.length].entries()) {
      room.writer.append(records.slice(cuts[index - 1] ?? 0, cut));
      await drain();
    }
    expect(await readStoredSession(room.store, script.id), `cut at ${cuts}`).toEqual(expected);
  }
});

test('a checkpoint of another version of the fold is made anew from the stored events', async () => {
  const straight = new Script();
  room.writer.append(conversation(straight));
  const script = new Script();
  const records = conversation(script);
  room.writer.append(records.slice(0, 20));
  await drain();
  await room.store.sessionCheckpoint.updateMany({ where: { sessionId: script.id }, data: { version: -1 } });
  room.writer.append(records.slice(20));
  await drain();
  expect(await readStoredSession(room.store, script.id)).toEqual(await readStoredSession(room.store, straight.id));
});

test('a session that ended leaves no checkpoint behind', async () => {
  const script = new Script();
  const records = conversation(script);
  room.writer.append(records.slice(0, 10));
  await drain();
  expect(await room.store.sessionCheckpoint.count({ where: { sessionId: script.id } })).toBe(1);
  room.writer.append(records.slice(10));
  await drain();
  expect(await room.store.sessionCheckpoint.count({ where: { sessionId: script.id } })).toBe(0);
});

/** A spoken turn, an answer, a tool call, a loss, another answer, the end: times do not depend on the session. */
function conversation(script: Script): readonly SpoolRecord[] {
  const audio = Buffer.alloc(2400, 7).toString('base64');
  const call = { id: 'item_call', type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' };
  return [
    script.open(),
    script.server({
      type: 'session.created',
      session: { id: 'sess_1', model: 'gpt-realtime', instructions: 'Be kind.', tools: [] },
    }),
    script.client({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } }),
    script.server({
      type: 'session.updated',
      session: { id: 'sess_1', model: 'gpt-realtime', instructions: 'Be brief.', tools: [] },
    }),
    script.client({ type: 'input_audio_buffer.append', audio }),
    script.server({ type: 'input_audio_buffer.speech_started', audio_start_ms: 100, item_id: 'item_user' }),
    script.server({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: 900, item_id: 'item_user' }),
    script.server({ type: 'input_audio_buffer.committed', item_id: 'item_user', previous_item_id: null }),
    ...textResponse(script, 'resp_a', 6),
    script.server({ type: 'response.created', response: { id: 'resp_b', status: 'in_progress' } }),
    script.server({
      type: 'response.output_item.added',
      response_id: 'resp_b',
      output_index: 0,
      item: { ...call, arguments: '' },
    }),
    script.server({
      type: 'response.function_call_arguments.delta',
      response_id: 'resp_b',
      item_id: 'item_call',
      call_id: 'call_1',
      delta: '{"city":',
    }),
    script.server({
      type: 'response.function_call_arguments.delta',
      response_id: 'resp_b',
      item_id: 'item_call',
      call_id: 'call_1',
      delta: '"Bern"}',
    }),
    script.server({ type: 'response.output_item.done', response_id: 'resp_b', output_index: 0, item: call }),
    script.server({ type: 'response.done', response: { id: 'resp_b', status: 'completed', output: [call] } }),
    script.lose(3, 'spool_full'),
    script.client({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'call_1', output: '{"sun":true}' },
    }),
    script.server('not json at all'),
    ...textResponse(script, 'resp_c', 3),
    script.close(),
  ];
}
