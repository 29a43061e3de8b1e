import type { EndReport, Load } from './end.ts';

/** Latency of one way's messages in one measurement. */
export interface Measurement {
  readonly p50: number;
  readonly p99: number;
  /** Messages that arrived in time, of those that the rate asks for. */
  readonly share: number;
}

/** One row of the table: medians over the rounds, in milliseconds. */
export interface Row {
  readonly load: Load;
  readonly direct: Measurement;
  readonly bare: Measurement;
  readonly ours: Measurement;
}

/** Above this the two ends themselves are the bottleneck, and what a relay adds cannot be told. */
const DIRECT_P99_LIMIT_MS = 10;
/** A session may miss one message to the phase it starts in. */
const SHARE_LIMIT = 0.95;
/** Less than this is the clock's and the scheduler's noise; no ratio is made of it. */
const LEAST_ADDED_MS = 0.01;

/** The value below which the given part of the samples lies. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** Both ends' reports as one measurement. Fails where an end did not receive exactly what the other sent. */
export function readMeasurement(load: Load, application: readonly EndReport[], upstream: readonly EndReport[]): Measurement {
  const other = new Map(upstream.map((report) => [report.session, report]));
  for (const report of application) {
    const peer = other.get(report.session);
    if (peer?.received !== report.sent || report.received !== peer.sent) {
      throw new Error(
        `Session ${report.session} of ${load.sessions} with ${load.bytes} bytes: the ends did not see the same messages.`,
      );
    }
  }
  const samples = [...application, ...upstream].flatMap((report) => report.latenciesMs);
  const asked = 2 * load.sessions * load.rate * ((load.ms - load.warmUpMs) / 1000);
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99), share: samples.length / asked };
}

/** The median of each figure over the rounds. */
export function medianOf(rounds: readonly Measurement[]): Measurement {
  const median = (pick: (round: Measurement) => number) => percentile(rounds.map(pick), 0.5);
  return { p50: median((round) => round.p50), p99: median((round) => round.p99), share: median((round) => round.share) };
}

/** Whether a row says nothing about relays, because the ends alone are saturated. */
export function isVoid({ direct }: Row): boolean {
  return direct.p99 > DIRECT_P99_LIMIT_MS || direct.share < SHARE_LIMIT;
}

/** What ours adds per millisecond that the bare relay adds; null where that is not measurable. */
export function ratioOf(row: Row, figure: 'p50' | 'p99'): number | null {
  const bare = row.bare[figure] - row.direct[figure];
  return isVoid(row) || bare < LEAST_ADDED_MS ? null : (row.ours[figure] - row.direct[figure]) / bare;
}

const COLUMNS = ['bytes', 'sessions', 'direct p50', 'p99', 'bare adds p50', 'p99', 'ours adds p50', 'p99', 'ratio p50', 'p99'];

/** The table for people: milliseconds, and the two ratios that have a target. */
export function printTable(rows: readonly Row[]): string {
  const body = rows.map((row) => {
    const { load, direct, bare, ours } = row;
    const added = (relay: Measurement) => [ms(relay.p50 - direct.p50), ms(relay.p99 - direct.p99)];
    const ratios = (['p50', 'p99'] as const).map((figure) => ratioOf(row, figure)?.toFixed(2) ?? (isVoid(row) ? 'void' : '–'));
    return [String(load.bytes), String(load.sessions), ms(direct.p50), ms(direct.p99), ...added(bare), ...added(ours), ...ratios];
  });
  const lines = [COLUMNS, ...body];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) => line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')).join('\n');
}

function ms(value: number): string {
  return value.toFixed(3);
}
