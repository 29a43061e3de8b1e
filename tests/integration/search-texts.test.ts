import { beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { readQuery } from '#lib/search/search-error.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { findHits } from '#lib/store/find-hits.ts';
import { findPlaces } from '#lib/store/find-places.ts';
import { listSessions } from '#lib/store/list-sessions.ts';
import { drainFolder, Script, START, temporaryFolder } from '#tests/support/recording.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

/** Words of many scripts and shapes as they were said, and what finds them; and texts that nobody brought to an end. */

const NOW = START / 1000 + 60_000;

const database = makeTestStore();
const nameOf = new Map<SessionId, string>();

beforeAll(async () => {
  const spoken = Object.entries(SPOKEN).flatMap(([name, text]) => call(name, (script) => saidByUser(script, text)));
  await record('at-once', 2_000, [
    ...call('hung up', hangUp),
    ...call('transcription', failTranscription),
    ...call('typed', typed),
    ...call('interrupted', interrupt),
    ...call('tool', failTool),
    ...call('told whole', toldWhole),
    ...call('heard bit by bit', hearBitByBit),
    ...call('looked up', lookUp),
    ...call('named at length', nameAtLength),
    ...spoken,
  ]);
  await record('bit-by-bit', 1, call('hung up later', hangUp));
});

/** Records what one spool holds; `rows` messages at most are committed at once. */
async function record(spool: string, rows: number, records: readonly SpoolRecord[]): Promise<void> {
  const folder = temporaryFolder(spool);
  const writer = openSpoolWriter({ folder: folder.path, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 });
  writer.append(records);
  writer.close();
  await drainFolder(database.store, folder.path, { spool, limits: { rows, bytes: 8 * 1024 ** 2, ms: 5 } });
  folder.remove();
}

function call(name: string, talk: (script: Script) => readonly SpoolRecord[]): readonly SpoolRecord[] {
  const script = new Script();
  nameOf.set(script.id, name);
  return [script.open({ tags: {} }), ...talk(script), script.close()];
}

/** The caller hangs up while the assistant speaks: no message says what the whole would have been. */
function hangUp(script: Script): readonly SpoolRecord[] {
  const keys = { response_id: 'resp_1', item_id: 'item_1', output_index: 0, content_index: 0 };
  return [
    script.server({ type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } }),
    script.server({
      type: 'response.output_item.added',
      response_id: 'resp_1',
      output_index: 0,
      item: { id: 'item_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] },
    }),
    ...['The del', 'ivery lea', 'ves at noon'].map((delta) =>
      script.server({ type: 'response.output_audio_transcript.delta', ...keys, delta }),
    ),
  ];
}

function userItem(id: string, content: JsonObject) {
  return { id, type: 'message', role: 'user', status: 'completed', content: [content] };
}

/** The item is told of once more after its transcription has failed. */
function failTranscription(script: Script): readonly SpoolRecord[] {
  const item = userItem('item_2', { type: 'input_audio', transcript: null });
  const error = { type: 'transcription_error', code: 'audio_unintelligible', message: 'The audio could not be transcribed.' };
  return [
    script.server({ type: 'conversation.item.added', previous_item_id: null, item }),
    script.server({ type: 'conversation.item.input_audio_transcription.failed', item_id: 'item_2', content_index: 0, error }),
    script.server({ type: 'conversation.item.done', previous_item_id: null, item }),
  ];
}

function typed(script: Script): readonly SpoolRecord[] {
  const item = userItem('item_3', { type: 'input_text', text: 'please pause my subscription' });
  return [
    script.client({ type: 'conversation.item.create', item }),
    script.server({ type: 'conversation.item.added', previous_item_id: null, item }),
    script.server({ type: 'conversation.item.done', previous_item_id: null, item }),
  ];
}

/** A provider that sends an item whole, and no text by itself. */
function toldWhole(script: Script): readonly SpoolRecord[] {
  const item = { id: 'item_5', type: 'message', role: 'assistant', status: 'completed' };
  return [
    script.server({ type: 'response.created', response: { id: 'resp_5', status: 'in_progress', output: [] } }),
    script.server({ type: 'response.output_item.added', response_id: 'resp_5', output_index: 0, item: { ...item, content: [] } }),
    script.server({
      type: 'response.output_item.done',
      response_id: 'resp_5',
      output_index: 0,
      item: { ...item, content: [{ type: 'output_text', text: 'only the item told of marmalade' }] },
    }),
  ];
}

/** The caller interrupts. */
function interrupt(script: Script): readonly SpoolRecord[] {
  const details = { type: 'cancelled', reason: 'turn_detected' };
  return [
    ...hangUp(script).slice(0, -1),
    script.server({
      type: 'response.done',
      response: { id: 'resp_1', status: 'cancelled', status_details: details, output: [] },
    }),
  ];
}

/** A tool of the provider's own that failed. */
function failTool(script: Script): readonly SpoolRecord[] {
  const item = { id: 'mcp_1', type: 'mcp_call', server_label: 'shop', name: 'find_order', arguments: '{}', output: null };
  return [
    script.server({ type: 'response.created', response: { id: 'resp_6', status: 'in_progress', output: [] } }),
    script.server({ type: 'response.output_item.added', response_id: 'resp_6', output_index: 0, item: { ...item, error: null } }),
    script.server({
      type: 'response.output_item.done',
      response_id: 'resp_6',
      output_index: 0,
      item: { ...item, error: { type: 'http_error', code: 502, message: 'The shop is closed for stocktaking.' } },
    }),
    script.server({
      type: 'response.done',
      response: { id: 'resp_6', status: 'completed', output: [item] },
    }),
  ];
}

/** xAI calls each part of a transcription completed, and says beside it that more comes. */
function hearBitByBit(script: Script): readonly SpoolRecord[] {
  const heard = { type: 'conversation.item.input_audio_transcription.completed', item_id: 'item_6', content_index: 0 };
  return [
    script.server({
      type: 'conversation.item.added',
      previous_item_id: null,
      item: userItem('item_6', { type: 'input_audio', transcript: null }),
    }),
    script.server({ ...heard, transcript: 'the lighthouse', status: 'in_progress' }),
    script.server({ ...heard, transcript: 'the lighthouse keeper', status: 'completed' }),
  ];
}

/** A tool of the provider's own: the message that it has ended does not hold what it found. */
function lookUp(script: Script): readonly SpoolRecord[] {
  const item = { id: 'mcp_2', type: 'mcp_call', server_label: 'shop', name: 'find_order', arguments: '{}', error: null };
  const keys = { response_id: 'resp_7', output_index: 0 };
  return [
    script.server({ type: 'response.created', response: { id: 'resp_7', status: 'in_progress', output: [] } }),
    script.server({ type: 'response.output_item.added', ...keys, item: { ...item, output: null } }),
    script.server({ type: 'response.mcp_call.completed', output_index: 0, item_id: 'mcp_2' }),
    script.server({ type: 'response.output_item.done', ...keys, item: { ...item, output: 'four tangerines' } }),
    script.server({ type: 'response.done', response: { id: 'resp_7', status: 'completed', output: [] } }),
  ];
}

/** Ids that are longer than a key may be. */
const LONG_IDS = { session: 'sess', response: 'resp', item: 'item', call: 'call' } as const;
const longId = (start: string) => `${start}_${'Ab1/+'.repeat(60)}==`;

function nameAtLength(script: Script): readonly SpoolRecord[] {
  const call = {
    id: longId(LONG_IDS.item),
    type: 'function_call',
    status: 'completed',
    name: 'find_order',
    call_id: longId(LONG_IDS.call),
    arguments: '{}',
  };
  const response = { id: longId(LONG_IDS.response), status: 'completed', output: [call] };
  return [
    script.server({ type: 'session.created', session: { id: longId(LONG_IDS.session), object: 'realtime.session' } }),
    script.server({ type: 'response.created', response: { ...response, status: 'in_progress', output: [] } }),
    script.server({ type: 'response.output_item.done', response_id: response.id, output_index: 0, item: call }),
    script.server({ type: 'response.done', response }),
  ];
}

function saidByUser(script: Script, transcript: string): readonly SpoolRecord[] {
  return [
    script.server({
      type: 'conversation.item.added',
      previous_item_id: null,
      item: userItem('item_4', { type: 'input_audio', transcript: null }),
    }),
    script.server({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'item_4',
      content_index: 0,
      transcript,
    }),
  ];
}

const SPOKEN = {
  composed: 'Mein Re\u0301sume\u0301 wurde geschickt',
  german: 'Die STRASSE und die Straße in GRÜNAU',
  turkish: 'İstanbul ve Iğdır',
  greek: 'ΟΔΟΣ ΣΟΦΟΥ',
  arabic: 'أريد \u200fاسترداد\u200f الأموال من فضلك',
  hindi: 'मुझे रिफंड चाहिए',
  thai: 'ฉันต้องการขอเงินคืนหน่อย',
  chinese: '我想申请退款，谢谢。',
  japanese: '返金をお願いします。カタカナ',
  korean: '환불을 요청합니다',
  rare: '𠮷野家で食べた',
  emoji: 'great 👍🏽 job 👩‍👩‍👧 done',
  curly: 'What’s the “exchange policy” — it’s re-entry',
  numbers: 'It costs $1,234.56 or 3.14 and 1e5 at 10:30 on 2026-11-20 -42',
  marks: '50%_off\\now <b>bold</b> a.b@c.de https://example.com/x_y?q=1',
  stop: 'To be, or not to be: that is the question.',
  soft: 'micro\u00adphone zero\u200bwidth',
  long: `${'the word goes on '.repeat(1_000)}a needle in the haystack at the end`,
  'long chinese': `${'的词一直说下去'.repeat(1_000)}最后的针在草堆里`,
};

async function found(text: string): Promise<readonly (string | undefined)[]> {
  const { sessions } = await listSessions(database.store, { query: readQuery(text, NOW), limit: 50 });
  return sessions.map(({ id }) => nameOf.get(id)).sort();
}

async function hitsOf(text: string): Promise<readonly string[]> {
  const { hits } = await findHits(database.store, { query: readQuery(text, NOW), limit: 50 });
  return hits.map(({ seq, snippet }) => `#${seq} ${snippet.map((part) => (part.isHit ? `[${part.text}]` : part.text)).join('')}`);
}

describe.each([
  ['composed', ['résumé', '"Re\u0301sume\u0301 wurde"', 'RÉSUMÉ']],
  ['german', ['straße', 'STRASSE', 'grünau', '"in Grünau"', '"strasse und"']],
  ['turkish', ['istanbul', 'İstanbul', '"ve Iğdır"']],
  ['greek', ['ΟΔΟΣ', '"ΟΔΟΣ ΣΟΦΟΥ"']],
  ['arabic', ['استرداد', '"استرداد الأموال"']],
  ['hindi', ['रिफंड', '"मुझे रिफंड"']],
  ['thai', ['เงิน', 'คืน', '"เงินคืน"', 'ขอเงิน']],
  ['chinese', ['退款', '"申请退款"', '谢谢', '"退款 谢谢"']],
  ['japanese', ['返金', '"返金をお願い"', 'カタカナ', 'タカ']],
  ['korean', ['환불', '"환불을 요청합니다"']],
  ['rare', ['𠮷野家', '𠮷']],
  ['emoji', ['"great job"', '"great 👍 job"', '"job done"']],
  ['curly', ["what's", '"what\'s the"', '"exchange policy"', 're-entry', '"re entry"', '“exchange']],
  ['numbers', ['$1,234.56', '"1 234"', '3.14', '1e5', '10:30', '"2026-11-20"', '"-42"']],
  ['marks', ['50%', '_off', '"50%_off\\now"', 'bold', 'b@c.de', '"a.b@c.de"', '"https://example.com/x_y"', '"q=1"']],
  ['stop', ['"to be or not to be"', '"that is the question"']],
  ['soft', ['microphone', '"microphone zerowidth"']],
  ['long', ['needle', '"needle in the haystack"', '"in the haystack at the"', '"goes on a needle"']],
  ['long chinese', ['草堆', '"针在草堆"', '"下去最后的针"']],
])('what was said in %s', (name, queries) => {
  test.each(queries)('is found by %s', async (query) => {
    expect(await found(query)).toEqual([name]);
    expect(await hitsOf(query)).toHaveLength(1);
  });
});

test.each(['"款退"', '"needle the haystack"', '"haystack needle"', '"针在堆草"', '"be to or"', '"olicy"', '1234.56', '"退 申"'])(
  '%s is said nowhere',
  async (query) => expect(await found(query)).toEqual([]),
);

test('a query as long as one may be is answered while somebody waits, whatever the texts hold', async () => {
  expect(await found(`"${'的词一直说下去'.repeat(140)}"`)).toEqual(['long chinese']);
  expect(await found(`"${'word goes on the '.repeat(58)}"`)).toEqual(['long']);
  expect(await found(`"${'word goes on the '.repeat(57)}on"`)).toEqual([]);
  expect(await found(`"${'.*+?^$()[]{}|\\m\\y'.repeat(40)} goes on"`)).toEqual([]);
});

test('what was being said when a session ended is found, in one batch or in many', async () => {
  expect(await found('"delivery leaves at"')).toEqual(['hung up', 'hung up later']);
  expect(await hitsOf('"delivery leaves"')).toEqual(['#2 The [delivery leaves] at noon', '#2 The [delivery leaves] at noon']);
});

test('a failed transcription leads to the message that says so', async () => {
  expect(await hitsOf('"could not be transcribed"')).toEqual(['#2 The audio [could not be transcribed].']);
});

test('what was said before an interruption is found', async () => {
  expect(await found('"the delivery lea"')).toEqual(['interrupted']);
});

test('the error of a tool is no failed transcription, and leads to the message that tells it', async () => {
  const { hits } = await findHits(database.store, { query: readQuery('stocktaking', NOW), limit: 5 });
  expect(hits).toMatchObject([{ source: 'item_error', id: 'mcp_1', seq: 3 }]);
});

test('what only its item told leads to the message that tells it whole', async () => {
  expect(await hitsOf('marmalade')).toEqual(['#3 only the item told of [marmalade]']);
});

test('what was heard bit by bit leads to the message that holds all of it', async () => {
  expect(await hitsOf('"lighthouse keeper"')).toEqual(['#3 the [lighthouse keeper]']);
});

test('what a tool of the provider found leads to the message that tells it', async () => {
  expect(await hitsOf('tangerines')).toEqual(['#4 four [tangerines]']);
});

test('what was typed leads to the message that carried it', async () => {
  expect(await hitsOf('"pause my subscription"')).toEqual(['#2 please [pause my subscription]']);
});

test.each(Object.entries(LONG_IDS))('the id of a %s that is longer than a key may be finds its session', async (_, start) => {
  expect(await found(longId(start))).toEqual(['named at length']);
  expect(await found(`-${longId(start)} find_order`)).not.toContain('named at length');
});

test('an event is looked for among the last 200,000 messages, also of one session that has more; a call leads to its session', async () => {
  const { seed } = database;
  const id = await seed.session();
  await seed.append(id, 2);
  await seed.query('update event set seq = seq + 250000, event_id = $2 where session_id = $1 and seq = 2', [id, 'event_late']);
  await seed.query(`update session set last_seq = 250002, provider_call_id = 'rtc_u1_9' where id = $1`, [id]);
  expect(await findPlaces(database.store, 'event_late')).toEqual([
    { sessionId: id, kind: 'event', id: 'event_late', seq: 250_002 },
  ]);
  expect(await findPlaces(database.store, 'event_1')).toEqual([]);
  expect(await findPlaces(database.store, 'rtc_u1_9')).toEqual([{ sessionId: id, kind: 'session', id: 'rtc_u1_9', seq: null }]);
});

test('a text is found at the highest number that a message may have', async () => {
  const id = await database.seed.session();
  await database.seed.query(
    `insert into search_text select $1, 'text', 'item_last', 2147483647, c, deltascope_words(c) from (values ('a quagga')) t (c)`,
    [id],
  );
  expect(await hitsOf('quagga')).toEqual(['#2147483647 a [quagga]']);
});

test('an event is found behind many short sessions, whatever form its id has', async () => {
  const { seed } = database;
  const id = await seed.session();
  await seed.append(id, 2);
  const uuid = '2f0a59cc-7868-43a7-9cab-03759fe911c6';
  await seed.query('update event set event_id = $2 where session_id = $1 and seq = 2', [id, uuid]);
  for (let count = 0; count < 120; count += 1) await seed.append(await seed.session(), 1, { notify: 'none' });
  await seed.query('update session set last_seq = 1 where last_seq > 100000');
  expect(await findPlaces(database.store, uuid)).toEqual([{ sessionId: id, kind: 'event', id: uuid, seq: 2 }]);
});
