import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';

/** What `/metrics` of a recorder says beside the process's own figures. */
export interface RecorderMetrics {
  readonly events: Counter;
  readonly batches: Counter;
  readonly losses: Counter;
  readonly retries: Counter;
  readonly quarantined: Counter;
  readonly batchEvents: Histogram;
  readonly commitSeconds: Histogram;
}

/** Figures that are read when somebody asks. */
export interface RecorderGauges {
  readonly behindMs: () => number;
  readonly spoolBytes: () => number;
  readonly openSessions: () => number;
  readonly duplicates: () => number;
}

/** Registers the recorder's series. */
export function makeRecorderMetrics(registry: Registry, gauges: RecorderGauges): RecorderMetrics {
  const registers = [registry];
  gauge(
    registry,
    'deltascope_recorder_behind_seconds',
    'Age of the oldest record that is not committed.',
    () => gauges.behindMs() / 1000,
  );
  gauge(registry, 'deltascope_recorder_spool_bytes', 'Size of the spool on disk.', gauges.spoolBytes);
  gauge(registry, 'deltascope_recorder_open_sessions', 'Sessions being recorded.', gauges.openSessions);
  gauge(registry, 'deltascope_recorder_duplicates', 'Messages read a second time and skipped.', gauges.duplicates);
  return {
    events: new Counter({ name: 'deltascope_recorder_events_total', help: 'Events committed.', registers }),
    batches: new Counter({ name: 'deltascope_recorder_batches_total', help: 'Transactions committed.', registers }),
    losses: new Counter({ name: 'deltascope_recorder_losses_total', help: 'Recording losses committed.', registers }),
    retries: new Counter({ name: 'deltascope_recorder_retries_total', help: 'Commits that were tried again.', registers }),
    quarantined: new Counter({
      name: 'deltascope_recorder_quarantined_total',
      help: 'Rows that the database refused.',
      registers,
    }),
    batchEvents: new Histogram({
      name: 'deltascope_recorder_batch_events',
      help: 'Events of a batch.',
      buckets: [1, 10, 50, 100, 250, 500, 1000, 2000, 5000],
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'deltascope_recorder_commit_seconds',
      help: 'Time from first attempt to commit.',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
