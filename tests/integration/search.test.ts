import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '#lib/base/brand.ts';
import { writeTerm } from '#lib/search/edit-query.ts';
import { matchSession } from '#lib/search/match-session.ts';
import type { Field } from '#lib/search/query.ts';
import { FIELDS } from '#lib/search/query.ts';
import { readQuery } from '#lib/search/search-error.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { countFacets } from '#lib/store/count-facets.ts';
import { eraseSession } from '#lib/store/erase-session.ts';
import { filterSessions } from '#lib/store/filter-sessions.ts';
import { findHits } from '#lib/store/find-hits.ts';
import { findPlaces } from '#lib/store/find-places.ts';
import { Prisma } from '#lib/store/generated/client.ts';
import { listSessions } from '#lib/store/list-sessions.ts';
import { readRowsWithin } from '#lib/store/read-rows-within.ts';
import { drainFolder, Script, START, temporaryFolder } from '#tests/support/recording.ts';
import { makeTestStore } from '#tests/support/test-store.ts';

/** What the recorder writes of real messages, and what each term of a query finds of it. */

const NOW = START / 1000 + 60_000;

const database = makeTestStore();
let folder: ReturnType<typeof temporaryFolder>;
const ids: Record<string, SessionId> = {};
let spoken = 0;

beforeAll(async () => {
  folder = temporaryFolder('search');
  const writer = openSpoolWriter({ folder: folder.path, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 });
  writer.append([...refundCall(), ...weatherCall(), ...importedCall()]);
  writer.close();
  await drainFolder(database.store, folder.path, { spool: 'search' });
  // Nobody writes this spool any more, so its recorder has called the capture lost.
  await database.store.session.update({ where: { id: ids['weather'] as string }, data: { status: 'open', endedAt: null } });
});

afterAll(() => folder?.remove());

/** The user asks for a refund and interrupts the answer. */
function refundCall(): SpoolRecord[] {
  const script = new Script();
  ids['refund'] = script.id;
  const records: SpoolRecord[] = [
    script.open({ tags: { env: 'prod', team: 'billing' } }),
    script.server({
      type: 'session.created',
      event_id: 'event_first',
      session: { id: 'sess_Refund1', model: 'gpt-realtime-2', object: 'realtime.session' },
    }),
    script.server({
      type: 'conversation.item.added',
      previous_item_id: null,
      item: {
        id: 'item_asks',
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ type: 'input_audio', transcript: null }],
      },
    }),
    script.server({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'item_asks',
      content_index: 0,
      transcript: 'What is your refund, policy for 100% of orders_x?',
    }),
  ];
  spoken = script.seq;
  records.push(
    script.server({ type: 'response.created', response: { id: 'resp_Refund1', status: 'in_progress', output: [] } }),
    script.server({
      type: 'response.done',
      response: {
        id: 'resp_Refund1',
        status: 'cancelled',
        status_details: { type: 'cancelled', reason: 'turn_detected' },
        output: [],
        usage: null,
      },
    }),
    script.client({ type: 'session.update', session: { nonsense: true } }),
    script.server({
      type: 'error',
      event_id: 'event_9',
      error: {
        type: 'invalid_request_error',
        code: 'unknown_parameter',
        message: "Unknown parameter: 'session.nonsense'.",
        param: 'session.nonsense',
      },
    }),
    script.close(),
  );
  return records;
}

/** A tool is called and answers; the capture is still open, on Azure. */
function weatherCall(): SpoolRecord[] {
  const script = new Script();
  ids['weather'] = script.id;
  const call = {
    id: 'item_call',
    type: 'function_call',
    status: 'completed',
    name: 'get_weather',
    call_id: 'call_Weather1',
    arguments: '{"city":"Köln","mail":"ops@example.com"}',
  };
  const keys = { response_id: 'resp_Weather1', output_index: 0 };
  return [
    script.open({
      tags: { env: 'staging' },
      upstream: 'myres',
      upstreamKind: 'azure-openai',
      transport: 'webrtc',
      path: '/azure/myres/openai/v1/realtime',
    }),
    script.server({
      type: 'session.created',
      session: { id: 'sess_Weather1', model: 'gpt-4o-mini-realtime-preview', object: 'realtime.session' },
    }),
    script.server({ type: 'response.created', response: { id: 'resp_Weather1', status: 'in_progress', output: [] } }),
    script.server({ type: 'response.output_item.added', ...keys, item: { ...call, status: 'in_progress', arguments: '' } }),
    script.server({
      type: 'response.function_call_arguments.done',
      ...keys,
      item_id: 'item_call',
      call_id: 'call_Weather1',
      arguments: call.arguments,
    }),
    script.server({ type: 'response.output_item.done', ...keys, item: call }),
    script.server({
      type: 'response.done',
      response: {
        id: 'resp_Weather1',
        status: 'completed',
        output: [call],
        usage: {
          total_tokens: 2_000_000,
          input_tokens: 1_000_000,
          output_tokens: 1_000_000,
          input_token_details: { text_tokens: 1_000_000 },
          output_token_details: { text_tokens: 1_000_000 },
        },
      },
    }),
    script.client({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'call_Weather1', output: '天気は晴れです' },
    }),
  ];
}

/** A file without a time of day. */
function importedCall(): SpoolRecord[] {
  const script = new Script();
  ids['imported'] = script.id;
  return [
    script.open({
      mode: 'import',
      clock: 'relative',
      tags: {},
      // As macOS writes it: the letter and its mark apart.
      source: { file: 'logs/old-call-Zu\u0308rich.jsonl', sha256: 'ab', format: 'bare', index: 0 },
    }),
    script.server({ type: 'session.created', session: { id: 'sess_Old1', model: 'gpt-realtime', object: 'realtime.session' } }),
    script.close(),
  ];
}

async function found(text: string): Promise<string[]> {
  const { sessions } = await listSessions(database.store, { query: readQuery(text, NOW), limit: 50 });
  return sessions.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id) ?? id).sort();
}

const hitsOf = async (text: string) => (await findHits(database.store, { query: readQuery(text, NOW), limit: 50 })).hits;
const marked = (parts: readonly { readonly text: string; readonly isHit: boolean }[]) =>
  parts.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('');

/** For each field: a query, and the sessions that it finds. */
const BY_FIELD: Readonly<Record<Field, readonly (readonly [string, readonly string[]])[]>> = {
  provider: [
    ['provider:azure', ['weather']],
    ['provider:AZURE-openai', ['weather']],
    ['-provider:azure', ['imported', 'refund']],
  ],
  model: [
    ['model:gpt-realtime', ['imported']],
    ['model:gpt-realtime*', ['imported', 'refund']],
    ['model:*mini*', ['weather']],
    ['model:gpt_realtime', []],
  ],
  transport: [['transport:webrtc', ['weather']]],
  dialect: [['dialect:realtime-*', ['imported', 'refund', 'weather']]],
  status: [
    ['status:open', ['weather']],
    ['status:ended', ['imported', 'refund']],
    ['status:cancelled', ['refund']],
    ['status:completed', ['weather']],
    ['status:failed', []],
  ],
  reason: [
    ['reason:turn_detected', ['refund']],
    ['reason:turn*', ['refund']],
    ['reason:turn-detected', []],
  ],
  rule: [
    ['rule:cancelled-response', ['refund']],
    ['rule:none-of-ours', []],
  ],
  tool: [
    ['tool:get_weather', ['weather']],
    ['-tool:get*', ['imported', 'refund']],
  ],
  error: [['error:unknown_parameter', ['refund']]],
  tag: [
    ['tag:env=prod', ['refund']],
    ['tag:env', ['refund', 'weather']],
    ['tag:env=*', ['refund', 'weather']],
    ['-tag:env', ['imported']],
  ],
  file: [
    ['file:OLD-call', ['imported']],
    ['file:zürich.jsonl', ['imported']],
  ],
  duration: [
    ['duration:>0ms', ['imported', 'refund', 'weather']],
    ['duration:>1h', []],
  ],
  cost: [
    ['cost:>0.5', ['weather']],
    ['cost:<0.5', []],
  ],
  since: [
    ['since:2m', ['refund', 'weather']],
    ['since:10s', ['weather']],
  ],
  until: [
    ['until:10s', ['refund', 'weather']],
    ['until:1d', []],
  ],
};

test('every field of the language is tried below', () => expect(Object.keys(BY_FIELD).sort()).toEqual([...FIELDS].sort()));

describe.each(Object.entries(BY_FIELD))('%s', (_, queries) => {
  test.each(queries)('%s', async (query, sessions) => expect(await found(query)).toEqual(sessions));
});

/** Fields that a session's row alone decides; of others the store knows more. */
const OF_THE_ROW = new Set(['provider', 'model', 'transport', 'dialect', 'file', 'duration', 'cost', 'since', 'until']);

test('a session that arrives live is judged as the store would', async () => {
  const { sessions } = await listSessions(database.store, { limit: 50 });
  for (const [text, names] of Object.values(BY_FIELD).flat()) {
    const field = text.slice(0, text.indexOf(':')).replace('-', '');
    const matching = new Set(names.map((name) => ids[name]));
    for (const session of sessions) {
      const answer = matchSession(readQuery(text, NOW), session);
      expect([text, answer ?? matching.has(session.id)]).toEqual([text, matching.has(session.id)]);
      if (OF_THE_ROW.has(field)) expect([text, answer]).not.toEqual([text, null]);
    }
  }
});

test('a session is judged by itself as among all, which is how an alert asks', async () => {
  const { since: _since, until: _until, ...timeless } = BY_FIELD;
  const words = [
    'refund',
    '"refund, policy"',
    '-refund',
    '天気',
    'resp_Refund1',
    '-call_Weather1',
    'tag:env=prod -tool:* refund',
  ];
  for (const text of [...Object.values(timeless).flatMap((queries) => queries.map(([query]) => query)), ...words]) {
    const own = await filterSessions(database.store, text, Object.values(ids));
    expect([text, Object.keys(ids).filter((name) => own.has(ids[name] as SessionId))]).toEqual([text, await inOrder(text)]);
  }
});

const inOrder = async (text: string) => {
  const names = await found(text);
  return Object.keys(ids).filter((name) => names.includes(name));
};

test('terms are met together', async () => {
  expect(await found('tag:env provider:azure weather')).toEqual(['weather']);
  expect(await found('tag:env=prod provider:azure')).toEqual([]);
});

test('a session that spans a time range matches it from both ends', async () => {
  const begin = new Date(START / 1000 + 1).toISOString().slice(0, -1);
  expect(await found(`since:${begin} until:${begin}`)).toEqual(['refund', 'weather']);
});

describe('text', () => {
  test('a phrase that was said is found with the message that holds it', async () => {
    const [hit] = await hitsOf('"refund policy"');
    expect(hit).toMatchObject({ sessionId: ids['refund'], source: 'text', id: 'item_asks', who: 'user', seq: spoken });
    expect(marked(hit?.snippet ?? [])).toBe('What is your [refund, policy] for 100% of orders_x?');
  });

  test.each([
    ['"policy refund"', []],
    ['REFUND', ['refund']],
    ['refu', ['refund']],
    ['"refu"', []],
    ['refund weather', []],
    ['"Unknown parameter"', ['refund']],
    ['"ops@example.com"', ['weather']],
    ['example.com', ['weather']],
    ['晴れ', ['weather']],
    ['Köln', ['weather']],
    ['"100% of"', ['refund']],
    ['"100 of orders"', ['refund']],
    ['session.nonsense', ['refund']],
    ['parameter', ['refund']],
    ['orders_x', ['refund']],
    ['-refund', ['imported', 'weather']],
    ['gpt-realtime-2', ['refund']],
    ['env=staging', ['weather']],
    ['turn_detected', ['refund']],
  ])('%s', async (query, sessions) => expect(await found(query)).toEqual(sessions));

  test('hits come from transcripts, arguments, outputs and errors, each once', async () => {
    const sources = async (query: string) => (await hitsOf(query)).map(({ source, who, id }) => [source, who, id]);
    expect(await sources('Köln')).toEqual([['arguments', 'get_weather', 'call_Weather1']]);
    expect(await sources('晴れ')).toEqual([['output', 'get_weather', 'call_Weather1']]);
    expect(await sources('nonsense')).toEqual([['error', null, null]]);
  });

  test('pages of hits hold whole sessions and end', async () => {
    const query = readQuery('refund nonsense', NOW);
    const { hits, nextCursor } = await findHits(database.store, { query, limit: 50 });
    expect(hits.length).toBe(2);
    expect(nextCursor).toBeNull();
    expect((await findHits(database.store, { query, limit: 50, cursor: ids['refund'] })).hits).toEqual([]);
  });
});

test('an id leads to the things that have it', async () => {
  const places = async (id: string) => (await findPlaces(database.store, id)).map(({ kind, sessionId }) => [kind, sessionId]);
  expect(await places(ids['refund'] ?? '')).toEqual([['session', ids['refund']]]);
  expect(await places('sess_Weather1')).toEqual([['session', ids['weather']]]);
  expect(await places('resp_Refund1')).toEqual([['response', ids['refund']]]);
  expect(await places('item_asks')).toEqual([['item', ids['refund']]]);
  expect(await places('call_Weather1')).toEqual([['call', ids['weather']]]);
  expect(await places('event_first')).toEqual([['event', ids['refund']]]);
  expect(await places('resp_nobody')).toEqual([]);
  expect(await found('resp_Refund1')).toEqual(['refund']);
  expect(await found('call_Weather1')).toEqual(['weather']);
});

test('facets count the sessions that match', async () => {
  const { sessions, facets } = await countFacets(database.store, readQuery('', NOW));
  const of = (field: string) =>
    Object.fromEntries(facets.filter((row) => row.field === field).map((row) => [row.value, row.sessions]));
  expect(sessions).toBe(3);
  expect(of('provider')).toEqual({ openai: 2, 'azure-openai': 1 });
  expect(of('status')).toEqual({ ended: 2, open: 1, cancelled: 1 });
  expect(of('tool')).toEqual({ get_weather: 1 });
  expect(of('tag')).toEqual({ 'env=prod': 1, 'env=staging': 1, 'team=billing': 1 });
  expect(of('reason')).toEqual({ turn_detected: 1 });
  expect(of('error')).toEqual({ unknown_parameter: 1 });
  expect((await countFacets(database.store, readQuery('provider:azure', NOW))).sessions).toBe(1);
});

test('what a click on a facet leaves is what it counts: values that differ in case are one', async () => {
  const again = new Script();
  const response = { id: 'resp_Case1', status: 'failed', output: [] };
  const records = [
    again.open({ tags: { env: 'PROD' } }),
    again.server({ type: 'session.created', session: { id: 'sess_Case1', model: 'GPT-Realtime-2', object: 'realtime.session' } }),
    ...['Turn_Detected', 'turn_detected'].map((reason, index) =>
      again.server({
        type: 'response.done',
        response: { ...response, id: `resp_Case${index}`, status: 'cancelled', status_details: { type: 'cancelled', reason } },
      }),
    ),
    again.close(),
  ];
  ids['case'] = again.id;
  const other = temporaryFolder('search-case');
  const writer = openSpoolWriter({ folder: other.path, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 });
  writer.append(records);
  writer.close();
  await drainFolder(database.store, other.path, { spool: 'search-case' });
  other.remove();
  const { facets } = await countFacets(database.store, readQuery('', NOW));
  for (const { field, value, sessions } of facets) expect(await found(writeTerm(field, value))).toHaveLength(sessions);
  expect(facets.filter(({ field }) => field === 'reason')).toEqual([{ field: 'reason', value: 'turn_detected', sessions: 2 }]);
  await eraseSession(database.store, again.id);
  delete ids['case'];
});

test.each([
  `'; drop table session; --`,
  `provider:'||pg_sleep(5)||'`,
  `tag:%=_\\ "\\\\" ' or 1=1`,
  `"a' & !b | (c) <-> :*"`,
  `a:*&!b'`,
  `-"x" -y' -tag:* -file:\\`,
  '$1 $2 \u202e \ud83d\ude00 a',
  '((((a+)+)+)+)+$ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
  'duration:>999999999999h cost:>999999999999',
  'a '.repeat(30),
  `${'x'.repeat(990)}*`,
  'a\\',
  '\\ud800 \ud800x',
])('%j is only looked for', async (text) => {
  const read = (() => {
    try {
      return readQuery(text, NOW);
    } catch (error) {
      expect(error).toMatchObject({ code: 'DS_SEARCH_INVALID' });
      return null;
    }
  })();
  if (read === null) return;
  await listSessions(database.store, { query: read, limit: 5 });
  await findHits(database.store, { query: read, limit: 5 });
  await countFacets(database.store, read);
  expect(await database.store.session.count()).toBe(3);
});

test('a search that takes too long is given up, and its connection is free again', async () => {
  await expect(readRowsWithin(database.store, Prisma.sql`select pg_sleep(5)`, 50)).rejects.toMatchObject({
    code: 'DS_SEARCH_TOO_LONG',
  });
  expect(await found('refund')).toEqual(['refund']);
});

test('a search waits for its turn where others hold the connections', async () => {
  const narrow = connectStore({ url: database.url, maxConnections: 1 });
  const answers = await Promise.allSettled([
    readRowsWithin(narrow, Prisma.sql`select 1 as n from (select pg_sleep(2.5)) s`),
    readRowsWithin(narrow, Prisma.sql`select 2 as n`),
  ]);
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason))).toEqual([
    [{ n: 1 }],
    [{ n: 2 }],
  ]);
  await disconnectStore(narrow);
});

test('the longest search is ended by the database, and told as what it is', async () => {
  await expect(readRowsWithin(database.store, Prisma.sql`select pg_sleep(60)`)).rejects.toMatchObject({
    code: 'DS_SEARCH_TOO_LONG',
  });
});

test('an erased session is found no more', async () => {
  expect(await eraseSession(database.store, ids['refund'] as SessionId)).toBe(true);
  expect(await hitsOf('"refund policy"')).toEqual([]);
  expect((await countFacets(database.store, readQuery('tag:env=prod', NOW))).sessions).toBe(0);
});
