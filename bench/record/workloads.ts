import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import { makeSessionId } from '#lib/base/session-id.ts';
import type { SpoolRecord } from '#lib/spool/record.ts';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import { makeMessage } from '#tests/support/spool-records.ts';

/** Fixed traffic to record: the same bytes in every run. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  readonly events: number;
  readonly sessions: number;
  /** The next message of a session; `index` counts within the session. */
  readonly message: (random: () => number, index: number) => string;
}

const SESSIONS = 50;
const START_US = Date.UTC(2026, 10, 21) * 1000;
/** Messages in one commit of the tap's writer. */
const APPEND = 20;

export const WORKLOADS: readonly Workload[] = [
  { name: 'small', about: '~300 B text deltas', events: 120_000, sessions: SESSIONS, message: textDelta },
  { name: 'mix', about: '70 % audio deltas of 6–30 kB, the rest 0.3–2 kB', events: 12_000, sessions: SESSIONS, message: mixed },
];

/** Writes a workload into a spool, session after session in turns, as a tap with that many calls would. */
export function writeWorkload(writer: SpoolWriter, workload: Workload): { readonly messages: number; readonly bytes: number } {
  const random = seeded(20_261_121);
  const ids = Array.from({ length: workload.sessions }, () => makeSessionId());
  writer.append(ids.map(opening));
  let bytes = 0;
  let batch: SpoolRecord[] = [];
  for (let index = 0; index < workload.events; index += 1) {
    const sessionId = ids[index % ids.length] as SessionId;
    const turn = Math.floor(index / ids.length);
    const payload = Buffer.from(workload.message(random, turn));
    bytes += payload.byteLength;
    batch.push(message(sessionId, turn + 1, index, payload));
    if (batch.length < APPEND) continue;
    writer.append(batch);
    batch = [];
  }
  writer.append(batch);
  return { messages: workload.events, bytes };
}

function opening(sessionId: SessionId): SpoolRecord {
  return {
    kind: 'session_open',
    sessionId,
    at: START_US as WallMicros,
    capture: {
      mode: 'relay',
      transport: 'websocket',
      upstream: 'openai',
      upstreamKind: 'openai',
      path: '/v1/realtime',
      query: { model: 'gpt-realtime' },
      requestHeaders: {},
      responseHeaders: {},
      subprotocol: null,
      tags: {},
      clock: 'wall',
      source: null,
    },
  };
}

function message(sessionId: SessionId, seq: number, index: number, payload: Buffer): SpoolRecord {
  return {
    ...makeMessage(sessionId, seq, payload),
    at: (START_US + index * 50) as WallMicros,
    direction: 'server_to_client',
  };
}

/** Deltas of a response begin with its creation and end with its completion, every 200 messages. */
function textDelta(random: () => number, index: number): string {
  const response = `resp_${Math.floor(index / 200)
    .toString()
    .padStart(21, 'A')}`;
  const item = `item_${Math.floor(index / 200)
    .toString()
    .padStart(21, 'B')}`;
  const keys = { event_id: `event_${id(random)}`, response_id: response, item_id: item, output_index: 0, content_index: 0 };
  if (index % 200 === 0)
    return JSON.stringify({
      type: 'response.created',
      event_id: keys.event_id,
      response: { id: response, status: 'in_progress' },
    });
  if (index % 200 === 199) {
    return JSON.stringify({
      type: 'response.done',
      event_id: keys.event_id,
      response: { id: response, status: 'completed', output: [] },
    });
  }
  return JSON.stringify({
    type: 'response.output_text.delta',
    ...keys,
    delta: words(random, 60),
    obfuscation: id(random).slice(0, 12),
  });
}

function mixed(random: () => number, index: number): string {
  if (random() < 0.7 && index % 200 !== 0) {
    const audio = Buffer.alloc(Math.floor((6_000 + random() * 24_000) * 0.75));
    for (let at = 0; at + 2 <= audio.length; at += 2) audio.writeInt16LE(Math.floor((random() - 0.5) * 20_000), at);
    return JSON.stringify({
      type: 'response.output_audio.delta',
      event_id: `event_${id(random)}`,
      response_id: `resp_${Math.floor(index / 200)
        .toString()
        .padStart(21, 'A')}`,
      item_id: `item_${Math.floor(index / 200)
        .toString()
        .padStart(21, 'B')}`,
      output_index: 0,
      content_index: 0,
      delta: audio.toString('base64'),
    });
  }
  if (random() < 0.7) return textDelta(random, index);
  return JSON.stringify({
    type: 'rate_limits.updated',
    event_id: `event_${id(random)}`,
    note: words(random, 200 + Math.floor(random() * 1500)),
  });
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function id(random: () => number): string {
  let text = '';
  for (let count = 0; count < 21; count += 1) text += LETTERS[Math.floor(random() * LETTERS.length)];
  return text;
}

const WORDS = ['the ', 'caller ', 'asks ', 'for ', 'a ', 'table ', 'near ', 'window ', 'at ', 'eight ', 'o’clock ', 'please '];

function words(random: () => number, length: number): string {
  let text = '';
  while (text.length < length) text += WORDS[Math.floor(random() * WORDS.length)];
  return text;
}

/** mulberry32: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
