import { Buffer } from 'node:buffer';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import { Script } from './recording.ts';

/**
 * A writer under load, in a process of its own so that it can be killed: `FOLDER SESSIONS MESSAGES_PER_SECOND MAX_BYTES`.
 * After each append that returned it prints what is acknowledged now, as `{"acked":{"SESSION":SEQ,…}}`; a pipe takes each line at
 * once, so the parent knows it even if this process dies in the next instruction. SIGTERM closes the sessions and prints the sums.
 */

const [folder = '', sessions = '5', perSecond = '1000', maxBytes = String(1024 ** 3)] = process.argv.slice(2);
const EVERY_MS = 20;

const writer = openSpoolWriter({ folder, segmentBytes: 1024 ** 2, maxBytes: Number(maxBytes) });
const scripts = Array.from({ length: Number(sessions) }, () => new Script());
const audio = Buffer.alloc(3000, 1).toString('base64');
let sent = 0;

const timer = setInterval(() => append(nextMessages()), EVERY_MS);
process.once('SIGTERM', end);
append(scripts.map((script) => ({ ...script.open(), at: now() }) as SpoolRecord));

function nextMessages(): readonly SpoolRecord[] {
  const count = Math.max(1, Math.round((Number(perSecond) * EVERY_MS) / 1000));
  return Array.from({ length: count }, () => {
    const script = scripts[sent % scripts.length] as Script;
    sent += 1;
    const n = script.seq + 1;
    const event =
      n % 5 === 0
        ? { type: 'response.output_audio.delta', n, delta: audio }
        : { type: 'response.output_text.delta', n, delta: 'word ' };
    return script.server(event, { at: now() });
  });
}

function append(records: readonly SpoolRecord[]): void {
  writer.append(records);
  const acked = Object.fromEntries(scripts.map((script): [SessionId, number] => [script.id, script.seq]));
  process.stdout.write(`${JSON.stringify({ acked })}\n`);
}

function end(): void {
  clearInterval(timer);
  append(scripts.map((script) => ({ ...script.close(), at: now() }) as SpoolRecord));
  const { lostMessages, audioDropped } = writer.stats();
  writer.close();
  process.stdout.write(`${JSON.stringify({ sent, lostMessages, audioDropped })}\n`);
}

function now(): WallMicros {
  return (Date.now() * 1000) as WallMicros;
}
