import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Load } from './end.ts';
import type { Measurement, Row } from './figures.ts';
import { isVoid, medianOf, printTable, ratioOf, readMeasurement } from './figures.ts';
import type { Processes, Way } from './processes.ts';
import { startProcesses } from './processes.ts';
import { countRecorded } from './recorded.ts';

/**
 * `npm run bench:relay`: what the tap adds to each message's latency, beside the shortest relay that `ws` allows and beside no relay
 * at all. `--quick` runs one short round, to prove that it works; its figures mean nothing. Names of rows (`6400x50`) run only those.
 */
const RATE = 50;
const SIZES: readonly (readonly [bytes: number, sessions: number])[] = [
  [65_536, 1],
  [6400, 1],
  [6400, 50],
  [300, 1],
  [300, 50],
  [300, 200],
];
const WAYS: readonly Way[] = ['direct', 'bare', 'ours'];
const TARGETS = { p50: 1.3, p99: 2 } as const;

const quick = process.argv.includes('--quick');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const chosen = SIZES.filter(([bytes, sessions]) => named.length === 0 || named.includes(`${bytes}x${sessions}`));
const rounds = quick ? 1 : 3;
const print = (text: string) => process.stdout.write(`${text}\n`);

function loadOf(bytes: number, sessions: number): Load {
  const ms = sessions === 1 ? 3200 : 1600;
  return { bytes, sessions, rate: RATE, ms: quick ? 400 : ms, warmUpMs: quick ? 100 : 400 };
}

async function measureRow(processes: Processes, load: Load): Promise<{ readonly row: Row; readonly relayed: number }> {
  const taken: Record<Way, Measurement[]> = { direct: [], bare: [], ours: [] };
  let relayed = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const way of WAYS) {
      const { application, upstream } = await processes.run(way, load);
      taken[way].push(readMeasurement(load, application, upstream));
      if (way === 'ours') relayed += [...application, ...upstream].reduce((sum, { sent }) => sum + Number.parseInt(sent, 10), 0);
    }
  }
  return { row: { load, direct: medianOf(taken.direct), bare: medianOf(taken.bare), ours: medianOf(taken.ours) }, relayed };
}

function verdict(rows: readonly Row[], figure: 'p50' | 'p99'): string {
  const ratios = rows.map((row) => ratioOf(row, figure)).filter((ratio) => ratio !== null);
  const met = ratios.filter((ratio) => ratio <= TARGETS[figure]).length;
  return `${figure}: ${met} of ${ratios.length} measured rows within ${TARGETS[figure]} × what the bare relay adds`;
}

const dataFolder = mkdtempSync(join(tmpdir(), 'deltascope-bench-relay-'));
const processes = await startProcesses(dataFolder);
try {
  print(
    `Relay bench, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}`,
  );
  print(
    `${RATE} messages/s each way in each session; milliseconds; median of ${rounds} interleaved round(s)${quick ? '; quick: not a measurement' : ''}`,
  );
  const rows: Row[] = [];
  let relayed = 0;
  for (const [bytes, sessions] of chosen) {
    const measured = await measureRow(processes, loadOf(bytes, sessions));
    rows.push(measured.row);
    relayed += measured.relayed;
    process.stderr.write(`measured ${bytes} bytes × ${sessions}\n`);
  }
  await processes.stop();
  print(`\n${printTable(rows)}\n`);
  print('Every message was hashed at both ends, in order: equal in every session of every way.');
  const { messages, lost } = countRecorded(dataFolder);
  print(
    `The tap recorded ${messages} messages for the ${relayed} it relayed (and each session's opening and closing words); lost: ${lost}.`,
  );
  print(
    `${verdict(rows, 'p50')}; ${verdict(rows, 'p99')}; void rows (the ends alone are saturated): ${rows.filter(isVoid).length}.`,
  );
} finally {
  await processes.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}
