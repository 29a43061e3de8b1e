import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { CaptureEnd, CaptureMeta } from '#lib/protocol/capture.ts';
import type { LossRecord, MessageRecord, SpoolRecord } from '#lib/spool/record.ts';
import type { Store } from '#lib/store/connect.ts';
import type { Recorder, RecorderOptions } from '#workers/recorder/start-recorder.ts';
import { startRecorder } from '#workers/recorder/start-recorder.ts';
import { captureOf } from './fold-session.ts';
import { makeMessage } from './spool-records.ts';

/** Records of a made-up capture, as a tap would write them, and a recorder to read them. */

export const CAPTURE: CaptureMeta = captureOf({ tags: { test: 'yes' } });

export const END: CaptureEnd = { how: 'ended', by: 'client', code: 1000, reason: 'bye', httpStatus: null, detail: null };

/** A clock of the test's own: 2026-11-21T00:00:00Z and one millisecond more for each record. */
export const START = 1_795_219_200_000_000 as WallMicros;

/** Makes the records of one session in order. */
export class Script {
  readonly id: SessionId = makeSessionId();
  seq = 0;
  #at: number = START;

  open(capture: Partial<CaptureMeta> = {}): SpoolRecord {
    return { kind: 'session_open', sessionId: this.id, at: this.now(), capture: { ...CAPTURE, ...capture } };
  }

  server(event: JsonObject | string | Uint8Array, more: Partial<MessageRecord> = {}): MessageRecord {
    return this.message(event, { direction: 'server_to_client', ...more });
  }

  client(event: JsonObject | string | Uint8Array, more: Partial<MessageRecord> = {}): MessageRecord {
    return this.message(event, { direction: 'client_to_server', ...more });
  }

  close(end: Partial<CaptureEnd> = {}): SpoolRecord {
    return { kind: 'session_close', sessionId: this.id, at: this.now(), end: { ...END, ...end } };
  }

  /** Leaves out the next messages, as a full spool does. */
  lose(messages: number, cause: LossRecord['cause']): SpoolRecord {
    const fromSeq = this.seq + 1;
    this.seq += messages;
    return { kind: 'loss', sessionId: this.id, at: this.now(), fromSeq, toSeq: this.seq, bytes: messages * 100, cause };
  }

  message(event: JsonObject | string | Uint8Array, more: Partial<MessageRecord>): MessageRecord {
    this.seq += 1;
    const payload = event instanceof Uint8Array || typeof event === 'string' ? event : JSON.stringify(event);
    return { ...makeMessage(this.id, this.seq, payload), at: this.now(), direction: 'server_to_client', ...more };
  }

  now(): WallMicros {
    this.#at += 1000;
    return this.#at as WallMicros;
  }
}

/** A spoken answer in text: created, `deltas` deltas, done. */
export function textResponse(script: Script, id: string, deltas: number): readonly SpoolRecord[] {
  const item = `item_${id}`;
  const words = Array.from({ length: deltas }, (_, index) => `word${index} `);
  const keys = { response_id: id, item_id: item, output_index: 0, content_index: 0 };
  const text = words.join('');
  const message = { id: item, type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text }] };
  return [
    script.client({ type: 'response.create' }),
    script.server({ type: 'response.created', event_id: `ev_c_${id}`, response: { id, status: 'in_progress', output: [] } }),
    script.server({
      type: 'response.output_item.added',
      response_id: id,
      output_index: 0,
      item: { ...message, status: 'in_progress', content: [] },
    }),
    ...words.map((delta, index) =>
      script.server({ type: 'response.output_text.delta', event_id: `ev_${id}_${index}`, ...keys, delta }),
    ),
    script.server({ type: 'response.output_text.done', ...keys, text }),
    script.server({ type: 'response.output_item.done', response_id: id, output_index: 0, item: message }),
    script.server({
      type: 'response.done',
      response: { id, status: 'completed', output: [message], usage: { total_tokens: 30, input_tokens: 10, output_tokens: 20 } },
    }),
  ];
}

/** A folder for a spool, gone with `remove`. */
export function temporaryFolder(area: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `deltascope-${area}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const QUIET = pino({ level: 'silent' });

/** A recorder with small delays. */
export function recordFolder(store: Store, folder: string, more: Partial<RecorderOptions> = {}): Recorder {
  const limits = { rows: 2000, bytes: 8 * 1024 ** 2, ms: 5 };
  return startRecorder({ store, folder, spool: 'test', log: QUIET, limits, writerGoneMs: 300, ...more });
}

/** Records all that a folder holds, and ends. */
export async function drainFolder(store: Store, folder: string, more: Partial<RecorderOptions> = {}): Promise<Recorder> {
  const recorder = recordFolder(store, folder, { drain: true, ...more });
  await recorder.done;
  return recorder;
}
