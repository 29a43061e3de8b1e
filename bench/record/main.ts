import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { migrateStore } from '#lib/store/migrate.ts';
import { ensurePartitions } from '#lib/store/partitions.ts';
import type { EmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import { copyRows, makeCopyTables, saveRows } from './copy-rows.ts';
import { pssOfFamily } from './memory.ts';
import type { Workload } from './workloads.ts';
import { WORKLOADS, writeWorkload } from './workloads.ts';

/**
 * `npm run bench:record`: events per second from a spool on disk to committed rows, beside `COPY` of the same rows into identical
 * tables, in alternating runs; bytes on disk per event, memory as PSS. A real PostgreSQL with fsync on; the recorder as it is.
 * `--runs N` (default 5), `--only small|mix`; `--rules` compares the recorder with and without the rules instead, in alternating runs.
 */

const RUN_RECORDER = fileURLToPath(new URL('run-recorder.ts', import.meta.url));
const EVENT_TABLES = ['event', 'event_audio'];
const TABLES = [
  ...EVENT_TABLES,
  'session',
  'response',
  'item',
  'tool_call',
  'turn',
  'anomaly',
  'session_checkpoint',
  'spool_cursor',
];

interface RecorderRun {
  readonly ms: number;
  readonly stored: number;
  readonly pss: number;
  readonly cpuMs: number;
}

const runs = Number(flag('--runs') ?? 5);
const only = flag('--only');
const folder = mkdtempSync(join(tmpdir(), 'deltascope-bench-record-'));
chmodSync(folder, 0o755);
const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
try {
  await prepareDatabase(postgres.url);
  say(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), PostgreSQL with fsync on, ${new Date().toISOString()}`,
  );
  for (const workload of WORKLOADS) {
    if (only !== undefined && only !== workload.name) continue;
    await (process.argv.includes('--rules') ? benchRules(workload, postgres) : benchWorkload(workload, postgres));
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** What the rules cost: the same spool recorded with and without them, in turns. */
async function benchRules(workload: Workload, { url }: EmbeddedPostgres): Promise<void> {
  const { master, messages } = writeMaster(workload);
  const rates = { off: [] as number[], on: [] as number[] };
  const cpu = { off: [] as number[], on: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    for (const rules of run % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const)) {
      await emptyTables(url);
      const { ms, stored, cpuMs } = record(url, master, `${workload.name}-${rules}-${run}`, rules);
      if (stored !== messages) throw new Error(`The recorder stored ${stored} of ${messages} messages.`);
      rates[rules].push(messages / (ms / 1000));
      cpu[rules].push(cpuMs);
      say(`  run ${run + 1}: rules ${rules} ${rate(rates[rules].at(-1))} (CPU ${Math.round(cpuMs)} ms of ${Math.round(ms)} ms)`);
    }
  }
  const ratio = median(rates.on) / median(rates.off);
  say(`  median of ${runs}: rules off ${rate(median(rates.off))}, on ${rate(median(rates.on))}: ${ratio.toFixed(2)} of off`);
  const perMessage = (rules: 'off' | 'on') => `${Math.round((median(cpu[rules]) / messages) * 1000)} µs`;
  say(`  CPU of the recorder per message: rules off ${perMessage('off')}, on ${perMessage('on')}`);
}

function writeMaster(workload: Workload): { readonly master: string; readonly messages: number } {
  const master = join(folder, `${workload.name}-spool`);
  const writer = openSpoolWriter({ folder: master, segmentBytes: 64 * 1024 ** 2, maxBytes: 8 * 1024 ** 3 });
  const { messages, bytes } = writeWorkload(writer, workload);
  writer.close();
  say(
    `\n${workload.name}: ${messages} messages, ${workload.about}, ${workload.sessions} sessions, ${Math.round(bytes / messages)} B each`,
  );
  return { master, messages };
}

async function benchWorkload(workload: Workload, { url, process: server }: EmbeddedPostgres): Promise<void> {
  const { master, messages } = writeMaster(workload);
  const recorded: number[] = [];
  const copied: number[] = [];
  let last: RecorderRun | null = null;
  let postgresPss = 0;
  for (let run = 0; run < runs; run += 1) {
    await emptyTables(url);
    last = record(url, master, `${workload.name}-${run}`);
    if (last.stored !== messages) throw new Error(`The recorder stored ${last.stored} of ${messages} messages.`);
    recorded.push(messages / (last.ms / 1000));
    if (run === 0) await saveRows(url, folder);
    postgresPss = Math.max(postgresPss, pssOfFamily(server?.pid ?? 0));
    copied.push(messages / ((await copyRows(url, folder)) / 1000));
    say(
      `  run ${run + 1}: recorder ${rate(recorded.at(-1))}, COPY ${rate(copied.at(-1))} (recorder's CPU ${Math.round(last.cpuMs)} ms of ${Math.round(last.ms)} ms)`,
    );
  }
  const ratio = median(recorded) / median(copied);
  say(`  median of ${runs}: recorder ${rate(median(recorded))}, COPY ${rate(median(copied))}: ${ratio.toFixed(2)} of COPY`);
  say(
    `  on disk: ${Math.round((await sizeOf(url, TABLES)) / messages)} B per event (events and audio alone ${Math.round((await sizeOf(url, EVENT_TABLES)) / messages)} B)`,
  );
  say(`  memory (PSS): recorder ${megabytes(last?.pss ?? 0)}, PostgreSQL ${megabytes(postgresPss)}`);
}

/** Records a fresh copy of the spool in a process of its own. */
function record(url: string, master: string, name: string, rules: 'on' | 'off' = 'on'): RecorderRun {
  const spool = join(folder, 'run-spool');
  cpSync(master, spool, { recursive: true });
  const profile = flag('--cpu-prof');
  const nodeFlags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawnSync(
    process.execPath,
    [...nodeFlags, RUN_RECORDER, url, spool, name, ...(rules === 'off' ? ['no-rules'] : [])],
    { encoding: 'utf8' },
  );
  rmSync(spool, { recursive: true, force: true });
  if (child.status !== 0) throw new Error(`The recorder ended with status ${child.status}: ${child.stdout}${child.stderr}`);
  return JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '') as RecorderRun;
}

async function prepareDatabase(url: string): Promise<void> {
  await migrateStore(url);
  const store = connectStore({ url });
  await ensurePartitions(store);
  await disconnectStore(store);
  await makeCopyTables(url);
}

async function emptyTables(url: string): Promise<void> {
  await query(url, `truncate ${TABLES.join(', ')}`);
  await query(url, 'checkpoint');
}

/** Bytes of tables with their indexes, over all partitions. */
async function sizeOf(url: string, tables: readonly string[]): Promise<number> {
  const rows = await query<{ bytes: string }>(
    url,
    `select coalesce(sum(pg_total_relation_size(relid)), 0) as bytes from unnest($1::text[]) name, pg_partition_tree(name::regclass)`,
    [tables],
  );
  return Number(rows[0]?.bytes ?? 0);
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(sql, values);
  await client.end();
  return rows;
}

function flag(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function rate(perSecond: number | undefined): string {
  return `${Math.round(perSecond ?? 0).toLocaleString('en')}/s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
