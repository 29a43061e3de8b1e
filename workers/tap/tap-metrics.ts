import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';
import type { Admission } from './limits.ts';
import type { RecordChannel } from './record-channel.ts';

/** Plain numbers that the relay counts up; metrics read them when they are asked for. */
export class TapCounters {
  clientMessages = 0;
  clientBytes = 0;
  serverMessages = 0;
  serverBytes = 0;
  /** Messages that found no room on their way to the writer thread. */
  unrecorded = 0;
  sessions = 0;
  requests = 0;
  /** Requests and upgrades that were not fulfilled, by error code. */
  readonly refusals = new Map<string, number>();

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }
}

interface Sources {
  readonly counters: TapCounters;
  readonly admission: Admission;
  readonly channel: RecordChannel;
}

/** Registers the tap's metrics, each read from its source at scrape time. */
export function registerTapMetrics(registry: Registry, { counters, admission, channel }: Sources): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `deltascope_tap_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void => {
    new Counter({
      name: `deltascope_tap_${name}`,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: value }, count);
      },
    });
  };
  gauge('sessions_open', 'Sessions relayed now.', () => admission.sessions);
  gauge('record_buffer_bytes', 'Bytes waiting for the writer thread.', () => channel.waitingBytes);
  gauge('spool_bytes', 'Size of the spool.', () => channel.report?.stats.bytes ?? 0);
  gauge('spool_max_bytes', 'Size at which the spool drops messages.', () => channel.report?.stats.maxBytes ?? 0);
  gauge(
    'writer_lag_seconds',
    'Longest time from receipt to spool in the last second.',
    () => (channel.report?.lagMs ?? 0) / 1000,
  );
  gauge(
    'audio_dropped',
    'Messages written without their audio by the present writer.',
    () => channel.report?.stats.audioDropped ?? 0,
  );
  counter('sessions_total', 'Connections since the start.', 'kind', () => [
    ['websocket', counters.sessions],
    ['http', counters.requests],
  ]);
  counter('messages_total', 'Messages relayed.', 'direction', () => [
    ['client_to_server', counters.clientMessages],
    ['server_to_client', counters.serverMessages],
  ]);
  counter('bytes_total', 'Bytes of messages relayed.', 'direction', () => [
    ['client_to_server', counters.clientBytes],
    ['server_to_client', counters.serverBytes],
  ]);
  counter('lost_messages_total', 'Messages relayed but not recorded.', 'cause', () => [
    ['buffer_full', counters.unrecorded],
    ['spool', channel.report?.stats.lostMessages ?? 0],
  ]);
  counter('refusals_total', 'Requests not fulfilled, upstream errors among them.', 'code', () => counters.refusals);
}
