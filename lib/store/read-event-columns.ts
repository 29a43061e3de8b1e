import { assert } from '#lib/base/assert.ts';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { EventColumns, EventKind } from '#lib/session/event-columns.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';

/**
 * Reads all events of a session as columns. Postgres packs them into one row: numbers as bytes, and for each event one text of
 * everything that repeats, which is taken apart once per different text instead of once per event (100,000 events: some 200 ms).
 */
export async function readEventColumns(store: Store, sessionId: SessionId, after = 0): Promise<EventColumns> {
  const plain = await readPacked(store, { sessionId, after, text: PLAIN_TEXT });
  const columns = unpack(sessionId, plain);
  if (columns !== null) return columns;
  const cleaned = unpack(sessionId, await readPacked(store, { sessionId, after, text: CLEANED_TEXT }));
  assert(cleaned !== null, 'cleaned texts hold no separators');
  return cleaned;
}

/** All events in one row; null where there are none. */
interface Packed {
  readonly numbers: Uint8Array | null;
  readonly texts: string | null;
}

async function readPacked(
  store: Store,
  { sessionId, after, text }: { readonly sessionId: SessionId; readonly after: number; readonly text: Prisma.Sql },
): Promise<Packed> {
  const found = await store.$queryRaw<[Packed]>(Prisma.sql`
    select string_agg(${NUMBERS}, ''::bytea) as numbers, string_agg(${text}, E'\x1f') as texts
    from (select * from event where session_id = ${sessionId}::uuid and seq > ${after} order by seq) e`);
  return found[0];
}

/** 20 bytes per event: seq, byte length, audio bytes (4 each), then the time in microseconds since 2000 (8). */
const NUMBERS = Prisma.raw(
  `int4send(seq) || int4send(byte_length) || int4send(audio_bytes) || timestamptz_send(coalesce(at, '-infinity'))`,
);
const BYTES_PER_EVENT = 20;

/** Postgres counts times from 2000-01-01. */
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000;
const NO_TIME = -(2n ** 63n);

/** U+001E separates the fields of an event, U+001F the events. */
const packText = (field: (column: string) => string) =>
  Prisma.raw(
    [
      `(case direction when 'client_to_server' then '1' when 'server_to_client' then '2' else '0' end)`,
      `|| (case format when 'json' then 'j' when 'text' then 't' else 'b' end)`,
      `|| ${field('type')} || E'\\x1e' || ${field(`(case when canonical_type = type then '' else canonical_type end)`)}`,
      ...['response_id', 'item_id', 'call_id', 'problem'].map((column) => `|| E'\\x1e' || ${field(`coalesce(${column}, '')`)}`),
      `|| E'\\x1e' || (case when flags is null or flags = '{}' then '' else array_to_string(flags, ',') end)`,
    ].join(' '),
  );
const FIELDS = 7;
const PLAIN_TEXT = packText((value) => value);
/** For the rare session whose ids or types hold a separator: costs twice the time, so it is not the rule. */
const CLEANED_TEXT = packText((value) => `translate(${value}, E'\\x1e\\x1f', '  ')`);

const FORMATS: Readonly<Record<string, EventKind['format']>> = { j: 'json', t: 'text', b: 'binary' };

/** What one text says, as the numbers of its columns. */
interface Parts {
  readonly direction: number;
  readonly kind: number;
  readonly responseId: number;
  readonly itemId: number;
  readonly callId: number;
}

/** Null where a value held a separator, which shows as too many events or fields. */
function unpack(sessionId: SessionId, packed: Packed): EventColumns | null {
  const numbers = packed.numbers ?? new Uint8Array();
  const count = numbers.byteLength / BYTES_PER_EVENT;
  const texts = unpackTexts(packed.texts === null ? [] : packed.texts.split('\x1f'));
  if (texts === null || texts.kind.length !== count) return null;
  const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return {
    sessionId,
    count,
    lastSeq: count === 0 ? 0 : view.getInt32((count - 1) * BYTES_PER_EVENT),
    ...unpackTimes(view, count),
    seqRuns: unpackRuns(view, count),
    byteLength: unpackInts(view, count, 4),
    audioBytes: unpackInts(view, count, 8),
    ...texts,
  };
}

function unpackInts(view: DataView, count: number, offset: number): readonly number[] {
  return Array.from({ length: count }, (_, row) => view.getInt32(row * BYTES_PER_EVENT + offset));
}

function unpackRuns(view: DataView, count: number): readonly number[] {
  const runs: number[] = [];
  let next = -1;
  for (let row = 0; row < count; row += 1) {
    const seq = view.getInt32(row * BYTES_PER_EVENT);
    if (seq === next) runs[runs.length - 1] = (runs[runs.length - 1] as number) + 1;
    else runs.push(seq, 1);
    next = seq + 1;
  }
  return runs;
}

function unpackTimes(view: DataView, count: number): Pick<EventColumns, 'firstAt' | 'at'> {
  let first: number | null = null;
  const at = Array.from({ length: count }, (_, row) => {
    const micros = view.getBigInt64(row * BYTES_PER_EVENT + 12);
    if (micros === NO_TIME) return null;
    first ??= Number(micros);
    return Number(micros) - first;
  });
  return { firstAt: first === null ? null : ((first + POSTGRES_EPOCH_MICROS) as WallMicros), at };
}

function unpackTexts(
  texts: readonly string[],
): Omit<EventColumns, 'sessionId' | 'count' | 'lastSeq' | 'firstAt' | 'at' | 'seqRuns' | 'byteLength' | 'audioBytes'> | null {
  const known = new Map<string, Parts>();
  const dictionaries = { ids: new Map([['', 0]]), kinds: new Map<string, number>(), kindList: [] as EventKind[] };
  const rows = texts.map((text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const parts = readParts(text, dictionaries);
    known.set(text, parts);
    return parts;
  });
  if ([...known.keys()].some((text) => text.split('\x1e').length !== FIELDS)) return null;
  return {
    kinds: dictionaries.kindList,
    kind: rows.map((row) => row.kind),
    direction: rows.map((row) => row.direction),
    ids: [...dictionaries.ids.keys()],
    responseId: rows.map((row) => row.responseId),
    itemId: rows.map((row) => row.itemId),
    callId: rows.map((row) => row.callId),
  };
}

interface Dictionaries {
  readonly ids: Map<string, number>;
  readonly kinds: Map<string, number>;
  readonly kindList: EventKind[];
}

function readParts(text: string, { ids, kinds, kindList }: Dictionaries): Parts {
  const [type = '', canonical = '', responseId = '', itemId = '', callId = '', problem = '', flags = ''] = text
    .slice(2)
    .split('\x1e');
  const format = FORMATS[text.charAt(1)] ?? 'json';
  const kind = indexOf(kinds, [format, type, canonical, problem, flags].join('\x1e'));
  kindList[kind] ??= {
    type,
    canonicalType: canonical === '' ? type : canonical,
    format,
    problem: problem === '' ? null : problem,
    flags: flags === '' ? [] : (flags.split(',') as EventKind['flags']),
  };
  const idOf = (id: string) => indexOf(ids, id);
  return { direction: Number(text.charAt(0)), kind, responseId: idOf(responseId), itemId: idOf(itemId), callId: idOf(callId) };
}

/** Index of a value in a dictionary, which grows by it where it is new. */
function indexOf(dictionary: Map<string, number>, value: string): number {
  const found = dictionary.get(value);
  if (found !== undefined) return found;
  dictionary.set(value, dictionary.size);
  return dictionary.size - 1;
}
