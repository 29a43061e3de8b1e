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
  const { name, about, sessions } = workload;
  say(`\n${name}: ${messages} messages, ${about}, ${sessions} sessions, ${Math.round(bytes / messages)} B each`);
  return { master, messages };
}

/** Events per second of each run, by who moved the rows. */
interface Figures {
  readonly recorder: number[];
  readonly copy: number[];
  readonly copyBinary: number[];
}

async function benchWorkload(workload: Workload, { url, process: server }: EmbeddedPostgres): Promise<void> {
  const { name } = workload;
  const { master, messages } = writeMaster(workload);
  const figures: Figures = { recorder: [], copy: [], copyBinary: [] };
  const memory = { recorder: 0, postgres: 0 };
  for (let run = 0; run < runs; run += 1) {
    await emptyTables(url);
    const recorded = record(url, master, `${name}-${run}`);
    if (recorded.stored !== messages) throw new Error(`The recorder stored ${recorded.stored} of ${messages} messages.`);
    memory.recorder = Math.max(memory.recorder, recorded.pss);
    memory.postgres = Math.max(memory.postgres, pssOfFamily(server?.pid ?? 0));
    if (run === 0) await saveRows(url, folder);
    figures.recorder.push((messages * 1000) / recorded.ms);
    figures.copy.push((messages * 1000) / (await copyRows(url, folder, 'text')));
    figures.copyBinary.push((messages * 1000) / (await copyRows(url, folder, 'binary')));
    const cpu = `recorder's CPU ${Math.round(recorded.cpuMs)} ms of ${Math.round(recorded.ms)} ms`;
    say(`  run ${run + 1}: recorder ${rate(figures.recorder.at(-1))}, COPY ${rate(figures.copy.at(-1))} (${cpu})`);
  }
  sayMedians(figures);
  const [all, events] = [(await sizeOf(url, TABLES)) / messages, (await sizeOf(url, EVENT_TABLES)) / messages];
  say(`  on disk: ${Math.round(all)} B per event, of which events and their audio ${Math.round(events)} B`);
  say(`  memory (PSS): recorder ${megabytes(memory.recorder)}, PostgreSQL ${megabytes(memory.postgres)}`);
}

function sayMedians({ recorder, copy, copyBinary }: Figures): void {
  const share = (yardstick: readonly number[]) => (median(recorder) / median(yardstick)).toFixed(2);
  say(`  median of ${runs}: recorder ${rate(median(recorder))}, ${share(copy)} of COPY (${rate(median(copy))})`);
  say(`    and ${share(copyBinary)} of COPY in binary form (${rate(median(copyBinary))}), which has nothing left to parse`);
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
