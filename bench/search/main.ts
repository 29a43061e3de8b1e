import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Query } from '#lib/search/query.ts';
import { readQuery } from '#lib/search/search-error.ts';
import type { Store } from '#lib/store/connect.ts';
import { connectStore, disconnectStore } from '#lib/store/connect.ts';
import { countFacets } from '#lib/store/count-facets.ts';
import type { HitPage } from '#lib/store/find-hits.ts';
import { findHits } from '#lib/store/find-hits.ts';
import { listSessions } from '#lib/store/list-sessions.ts';
import { startEmbeddedPostgres } from '#workers/shared/embedded-postgres.ts';
import type { Planted } from './seed.ts';
import { seedSessions } from './seed.ts';

/**
 * `npm run bench:search`: how long a search takes among 10,000 sessions of 12 texts each, beside a bare `select 1` through the same client.
 * The phrase that one session said must be found at its message, or the run fails. `--sessions N`, `--rounds N` (default 60).
 */

const sessions = Number(flag('--sessions') ?? 10_000);
const rounds = Number(flag('--rounds') ?? 60);
const TEXTS = 12;
const WITHIN_MS = 300;

const folder = mkdtempSync(join(tmpdir(), 'deltascope-bench-search-'));
chmodSync(folder, 0o755);
const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
try {
  const planted = await seedSessions(postgres.url, { sessions, texts: TEXTS });
  const store = connectStore({ url: postgres.url });
  say(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${new Date().toISOString()}`);
  say(`${sessions} sessions, ${sessions * TEXTS} texts of 15 words\n`);
  const p95 = await benchQueries(store, planted);
  await disconnectStore(store);
  say(`\nthe phrase: p95 ${p95.toFixed(1)} ms, ${p95 < WITHIN_MS ? 'within' : 'BEYOND'} ${WITHIN_MS} ms`);
  if (p95 >= WITHIN_MS) process.exitCode = 1;
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** p95 of finding the planted phrase, of which every answer is looked at. */
async function benchQueries(store: Store, planted: Planted): Promise<number> {
  await measure('yardstick: select 1', () => store.$queryRaw`select 1`);
  const phrase = `"${planted.phrase}"`;
  const p95 = await measure(`moments: ${phrase}`, async () => expectPlace(await hitsOf(store, phrase), planted));
  const all = [
    phrase,
    'refund',
    '"refund policy"',
    'provider:azure tag:env=prod refund',
    'rule:missing-delta -tool:none duration:>60s',
    '',
  ];
  for (const text of all.slice(1)) await measure(`moments: ${text}`, () => hitsOf(store, text));
  for (const text of all) await measure(`sessions: ${text}`, () => listSessions(store, { query: queryOf(text), limit: 100 }));
  for (const text of all) await measure(`facets: ${text}`, () => countFacets(store, queryOf(text)));
  return p95;
}

function queryOf(text: string): Query {
  return readQuery(text, Date.now());
}

function hitsOf(store: Store, text: string): Promise<HitPage> {
  return findHits(store, { query: queryOf(text), limit: 20 });
}

function expectPlace({ hits }: HitPage, planted: Planted): void {
  const [hit] = hits;
  if (hits.length === 1 && hit?.sessionId === planted.session && hit.seq === planted.seq) return;
  throw new Error(`The phrase was found ${hits.length} times, first at message ${hit?.seq} of ${hit?.sessionId}.`);
}

/** Runs it once to warm up, then `rounds` times; prints and returns the 95th percentile. */
async function measure(name: string, run: () => Promise<unknown>): Promise<number> {
  await run();
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await run();
    took.push(performance.now() - startedMs);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  say(`${name.padEnd(62)} p50 ${at(0.5).toFixed(1).padStart(6)} ms   p95 ${at(0.95).toFixed(1).padStart(6)} ms`);
  return at(0.95);
}

function flag(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
