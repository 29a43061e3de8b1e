import { createHash } from 'node:crypto';
import type { SessionId } from '#lib/base/brand.ts';
import type { EventRow } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { joinAudio } from './raw-audio.ts';
import { EVENT_COLUMNS } from './read-events.ts';
import { readRows } from './read-rows.ts';

/** One event with its body. */
export interface StoredEvent {
  readonly row: EventRow;
  /** The message as it was recorded, byte for byte. */
  readonly payload: Uint8Array;
  /** SHA-256 of the message in hex, as computed when it was recorded. */
  readonly sha256: string;
  /** Whether the payload still has that hash. */
  readonly isIntact: boolean;
}

interface BodyRow {
  readonly seq: number;
  readonly raw: string | null;
  readonly rawBytes: Uint8Array | null;
  readonly audioOffset: number | null;
  readonly audio: Uint8Array | null;
  readonly sha256: Uint8Array;
}

/** One event, raw and exact; null where nothing with this `seq` was recorded. */
export async function readEvent(store: Store, sessionId: SessionId, seq: number): Promise<StoredEvent | null> {
  const events = await readStoredEvents(store, { sessionId, after: seq - 1, limit: 1 });
  const event = events[0];
  return event?.row.seq === seq ? event : null;
}

/** Events with their bodies, in order of `seq`. Bodies are up to 16 MiB and beyond each: ask for few. */
export async function readStoredEvents(
  store: Store,
  { sessionId, after, limit }: { readonly sessionId: SessionId; readonly after: number; readonly limit: number },
): Promise<readonly StoredEvent[]> {
  const where = Prisma.sql`where session_id = ${sessionId}::uuid and seq > ${after} order by seq limit ${limit}`;
  const bodies = await store.$queryRaw<BodyRow[]>(Prisma.sql`
    select e.seq, e.raw, e.raw_bytes as "rawBytes", e.audio_offset as "audioOffset", e.sha256, a.bytes as audio
    from (select * from event ${where}) e
    left join event_audio a on a.session_id = e.session_id and a.seq = e.seq order by e.seq`);
  const rows = await readRows<EventRow>(store, Prisma.sql`select ${EVENT_COLUMNS} from event ${where}`);
  const rowOf = new Map(rows.map((row) => [row.seq, row]));
  return bodies.flatMap((body) => {
    const row = rowOf.get(body.seq);
    return row === undefined ? [] : [toStoredEvent(row, body)];
  });
}

function toStoredEvent(row: EventRow, body: BodyRow): StoredEvent {
  const payload = rebuild(body);
  const expected = Buffer.from(body.sha256);
  return {
    row,
    payload,
    sha256: expected.toString('hex'),
    isIntact: createHash('sha256').update(payload).digest().equals(expected),
  };
}

/** Puts a message together again: its audio, kept as bytes beside it, goes back as the base64 that it was. */
function rebuild({ raw, rawBytes, audioOffset, audio }: BodyRow): Uint8Array {
  if (raw === null) return rawBytes ?? new Uint8Array();
  if (audioOffset === null || audio === null) return Buffer.from(raw);
  return joinAudio(raw, audioOffset, audio);
}
