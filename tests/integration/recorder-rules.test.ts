import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import { childEnv } from '#lib/config/env.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { dropExpired } from '#lib/store/drop-expired.ts';
import { eraseSession } from '#lib/store/erase-session.ts';
import { findSession } from '#lib/store/find-session.ts';
import { groupAnomalies } from '#lib/store/group-anomalies.ts';
import { listAnomalies } from '#lib/store/list-anomalies.ts';
import { ensurePartitions } from '#lib/store/partitions.ts';
import { readSessionChanges } from '#lib/store/read-session-changes.ts';
import { setAnomalyState } from '#lib/store/set-anomaly-state.ts';
import { eventually } from '#tests/support/eventually.ts';
import { makeRecorderRoom } from '#tests/support/recorder-room.ts';
import { recordFolder, Script } from '#tests/support/recording.ts';
import { redetectSession } from '#workers/recorder/redetect.ts';
import type { Recorder } from '#workers/recorder/start-recorder.ts';

const room = makeRecorderRoom('rules');

const CLI = fileURLToPath(new URL('../../workers/cli/main.ts', import.meta.url));
const NOBODY = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

let recorder: Recorder | null = null;

afterEach(async () => {
  await recorder?.stop();
  recorder = null;
});

const start = () => {
  recorder = recordFolder(room.store, room.folder, { spool: room.spool });
};

const failed = (script: Script, id: string): SpoolRecord =>
  script.server({
    type: 'response.done',
    response: { id, status: 'failed', status_details: { error: { code: 'server_error' } } },
  });

const calls = (script: Script, id: string): SpoolRecord =>
  script.server({
    type: 'response.output_item.done',
    response_id: 'resp_1',
    item: { type: 'function_call', call_id: id, name: 'get_weather', status: 'completed' },
  });

/** A moment of the script's clock, so many ms from now. */
const later = (script: Script, ms: number) => (script.now() + ms * 1000) as WallMicros;

test('what the rules find is stored with the messages that prove it, counted, pushed and grouped', async () => {
  start();
  const script = new Script();
  room.writer.append([script.open(), failed(script, 'resp_1'), failed(script, 'resp_2')]);
  await eventually('both failures are stored', async () => (await listAnomalies(room.store, script.id)).length === 2);
  const changes = await readSessionChanges(room.store, { sessionId: script.id, afterSeq: 0, entitiesAfterSeq: 0, limit: 10 });
  expect(changes?.session.anomalies).toEqual({ ...NOBODY, high: 2 });
  expect(changes?.anomalies).toMatchObject([
    {
      ruleId: 'failed-response',
      severity: 'high',
      evidence: [1],
      fromSeq: 1,
      values: { responseId: 'resp_1', errorCode: 'server_error' },
    },
    { evidence: [2], state: 'open', mutedUntil: null },
  ]);
  const { groups } = await groupAnomalies(room.store, { limit: 10, rule: 'failed-response' });
  expect(groups).toMatchObject([{ anomalies: 2, sessions: 1, open: 2, provider: 'openai', model: 'gpt-realtime' }]);
});

test('absence is found by a watermark, without a further message', async () => {
  start();
  const script = new Script();
  room.writer.append([script.open(), calls(script, 'call_1')]);
  room.writer.append([{ kind: 'watermark', sessionIds: [script.id], at: later(script, 11_000) }]);
  await eventually('the silence is noticed', async () => (await listAnomalies(room.store, script.id)).length === 1);
  expect(await listAnomalies(room.store, script.id)).toMatchObject([
    { ruleId: 'unanswered-tool-call', evidence: [1], lastSeq: 1 },
  ]);
  expect((await findSession(room.store, script.id))?.anomalies).toEqual({ ...NOBODY, high: 1 });
});

test('a restart between a call and its silence changes nothing, and finds nothing twice', async () => {
  start();
  const script = new Script();
  room.writer.append([script.open(), calls(script, 'call_1'), failed(script, 'resp_1')]);
  await eventually('the failure is stored', async () => (await listAnomalies(room.store, script.id)).length === 1);
  const [before] = await listAnomalies(room.store, script.id);
  await recorder?.stop();
  start();
  room.writer.append([
    { kind: 'watermark', sessionIds: [script.id], at: later(script, 11_000) },
    failed(script, 'resp_1'),
    script.close(),
  ]);
  await eventually('the session is closed', async () => (await findSession(room.store, script.id))?.status === 'ended');
  const after = await listAnomalies(room.store, script.id);
  expect(after.map(({ ruleId }) => ruleId)).toEqual(['unanswered-tool-call', 'failed-response']);
  expect(after[1]).toEqual(before);
  expect((await findSession(room.store, script.id))?.anomalies).toEqual({ ...NOBODY, high: 2 });
});

test('a checkpoint of other rules is not gone on with: the stored messages are read again', async () => {
  start();
  const script = new Script();
  room.writer.append([script.open(), failed(script, 'resp_1')]);
  await eventually('the failure is stored', async () => (await listAnomalies(room.store, script.id)).length === 1);
  await recorder?.stop();
  await room.store.$executeRaw`update session_checkpoint set state =
    convert_to(regexp_replace(convert_from(state, 'UTF8'), 'failed-response@[0-9]+', 'failed-response@0'), 'UTF8') where session_id = ${script.id}::uuid`;
  // As an older version of the rule had found it, acknowledged; and another finding that this version does not make.
  await room.store
    .$executeRaw`update anomaly set id = regexp_replace(id, '[.][0-9]+[.]', '.0.'), rule_version = 0, state = 'acknowledged' where session_id = ${script.id}::uuid`;
  await room.store
    .$executeRaw`insert into anomaly select session_id, 'failed-response.0.gone', rule_id, 0, severity, variant, fingerprint, at, from_seq, to_seq,
    last_seq, evidence, values from anomaly where session_id = ${script.id}::uuid`;
  start();
  room.writer.append([failed(script, 'resp_2')]);
  await eventually('both are stored', async () => (await findSession(room.store, script.id))?.lastSeq === 2);
  const found = await listAnomalies(room.store, script.id);
  expect(found.map(({ ruleVersion, state }) => [ruleVersion > 0, state])).toEqual([
    [true, 'acknowledged'],
    [true, 'open'],
  ]);
  expect((await findSession(room.store, script.id))?.anomalies).toEqual({ ...NOBODY, high: 2 });
});

test('redetect finds what the recorder found, keeps what a person said, and drops what is found no more', async () => {
  start();
  const script = new Script();
  room.writer.append([script.open(), calls(script, 'call_1'), failed(script, 'resp_1')]);
  room.writer.append([{ kind: 'watermark', sessionIds: [script.id], at: later(script, 11_000) }]);
  room.writer.append([{ ...script.close(), at: later(script, 12_000) } as SpoolRecord]);
  await eventually('the session is closed', async () => (await findSession(room.store, script.id))?.status === 'ended');
  const [silence, failure] = await listAnomalies(room.store, script.id);
  await setAnomalyState(room.store, { sessionId: script.id, id: silence?.id ?? '', state: 'resolved', mutedUntil: null });
  const said = await listAnomalies(room.store, script.id);

  // As an older version of the rule had found it, and another rule something that is found no more.
  const older = failure?.id.replace(/\.\d+\./, '.0.');
  await setAnomalyState(room.store, { sessionId: script.id, id: failure?.id ?? '', state: 'acknowledged', mutedUntil: null });
  await room.store
    .$executeRaw`update anomaly set id = ${older}, rule_version = 0 where session_id = ${script.id}::uuid and id = ${failure?.id}`;
  await room.store
    .$executeRaw`insert into anomaly select session_id, 'gone.1.00', 'gone', 1, severity, variant, fingerprint, at, from_seq, to_seq,
    last_seq, evidence, values from anomaly where session_id = ${script.id}::uuid and id = ${older}`;
  expect(await redetectSession(room.store, script.id)).toBe(2);
  const after = await listAnomalies(room.store, script.id);
  expect(after[0]).toEqual(said[0]);
  expect(after[1]).toMatchObject({ id: failure?.id, state: 'acknowledged', foundAt: failure?.foundAt });
  expect(after).toHaveLength(2);
  expect((await findSession(room.store, script.id))?.anomalies).toEqual({ ...NOBODY, high: 2 });
});

test('`deltascope redetect --all` looks at every session that has ended, and says what it cannot', async () => {
  start();
  const script = new Script();
  room.writer.append([script.open(), failed(script, 'resp_1'), script.close()]);
  await eventually('the session is closed', async () => (await findSession(room.store, script.id))?.status === 'ended');
  await room.store.$executeRaw`delete from anomaly where session_id = ${script.id}::uuid`;
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [CLI, 'redetect', ...args], {
      encoding: 'utf8',
      env: childEnv({ DATABASE_URL: room.databaseUrl }),
    });
  expect(run('--all').stdout).toMatch(/^\d+ sessions? looked at, \d+ anomalies\.\n$/);
  expect(await listAnomalies(room.store, script.id)).toHaveLength(1);
  expect(run().status).toBe(1);
  const open = new Script();
  room.writer.append([open.open(), failed(open, 'resp_1')]);
  await eventually('another session is open', async () => (await listAnomalies(room.store, open.id)).length === 1);
  const refused = run(open.id);
  expect(refused).toMatchObject({ status: 1 });
  expect(refused.stdout).toContain('DS_STORE_SESSION_OPEN');
});

test('anomalies go with their session: erased, and with the partition of its day', async () => {
  start();
  await ensurePartitions(room.store);
  const script = new Script();
  room.writer.append([script.open(), failed(script, 'resp_1'), script.close()]);
  await eventually('the session is closed', async () => (await findSession(room.store, script.id))?.status === 'ended');
  const [{ name } = { name: '' }] = await room.store.$queryRaw<{ name: string }[]>`
    select tableoid::regclass::text as name from anomaly where session_id = ${script.id}::uuid`;
  expect(name).toMatch(/^anomaly_p\d{8}$/);
  expect(await eraseSession(room.store, script.id)).toBe(true);
  expect(await listAnomalies(room.store, script.id)).toEqual([]);
  const dropped = await dropExpired(room.store, 1, new Date(Date.now() + 3 * 86_400_000));
  expect(dropped).toContain(name);
});
