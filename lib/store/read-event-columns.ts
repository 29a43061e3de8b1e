import { assert } from '#lib/base/assert.ts';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { EventColumns, EventKind } from '#lib/session/event-columns.ts';
import type { Store } from './connect.ts';
import { Prisma } from './generated/client.ts';

/**
 * Reads all events of a session as columns. Postgres packs each column into one value, in whatever way costs it least; the
 * dictionaries are made here. (Rows one by one would take five times as long.)
 */
export async function readEventColumns(store: Store, sessionId: SessionId, after = 0): Promise<EventColumns> {
  const columns = unpack(sessionId, await readPacked(store, { sessionId, after, columns: PLAIN }));
  if (columns !== null) return columns;
  const cleaned = unpack(sessionId, await readPacked(store, { sessionId, after, columns: CLEANED }));
  assert(cleaned !== null, 'cleaned columns hold no separators');
  return cleaned;
}

/** The columns as Postgres packs them; all null where there are no events. */
interface Packed {
  /** As Postgres prints arrays: `{1,2,3}`. */
  readonly seq: string | null;
  readonly byteLength: string | null;
  readonly audioBytes: string | null;
  /** Eight bytes each: microseconds since 2000. */
  readonly at: Uint8Array | null;
  /** One letter each: direction and format. */
  readonly frame: string | null;
  /** Texts with U+001F between them. */
  readonly type: string | null;
  readonly responseId: string | null;
  readonly itemId: string | null;
  readonly callId: string | null;
  /** Empty as a rule; else canonical type, problem and flags with U+001E between them. */
  readonly exception: string | null;
}

interface PackedRequest {
  readonly sessionId: SessionId;
  readonly after: number;
  readonly columns: Prisma.Sql;
}

async function readPacked(store: Store, { sessionId, after, columns }: PackedRequest): Promise<Packed> {
  const found = await store.$queryRaw<[Packed]>(Prisma.sql`
    select ${columns} from (select * from event where session_id = ${sessionId}::uuid and seq > ${after} order by seq) e`);
  return found[0];
}

const packColumns = (clean: (value: string) => string) =>
  Prisma.raw(`
    array_agg(seq)::text as seq,
    array_agg(byte_length)::text as "byteLength",
    array_agg(audio_bytes)::text as "audioBytes",
    string_agg(timestamptz_send(coalesce(at, '-infinity')), ''::bytea) as at,
    string_agg(case direction
      when 'server_to_client' then case format when 'json' then 'a' when 'text' then 'b' else 'c' end
      when 'client_to_server' then case format when 'json' then 'd' when 'text' then 'e' else 'f' end
      else case format when 'json' then 'g' when 'text' then 'h' else 'i' end end, '') as frame,
    string_agg(${clean('type')}, E'\\x1f') as type,
    string_agg(${clean(`coalesce(response_id, '')`)}, E'\\x1f') as "responseId",
    string_agg(${clean(`coalesce(item_id, '')`)}, E'\\x1f') as "itemId",
    string_agg(${clean(`coalesce(call_id, '')`)}, E'\\x1f') as "callId",
    string_agg(case when canonical_type = type and problem is null and (flags is null or flags = '{}') then ''
      else ${clean('canonical_type')} || E'\\x1e' || coalesce(problem, '') || E'\\x1e' || coalesce(array_to_string(flags, ','), '')
      end, E'\\x1f') as exception`);

const PLAIN = packColumns((value) => value);
/** For the rare session whose ids or types hold a separator: takes longer, so it is not the rule. */
const CLEANED = packColumns((value) => `translate(${value}, E'\\x1e\\x1f', '  ')`);

const FORMATS = ['json', 'text', 'binary'] as const;
/** Order of the letters of `frame`, as numbers of the column `direction`. */
const DIRECTIONS = [2, 1, 0] as const;

/** Postgres counts times from 2000-01-01. */
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000;
const NO_TIME = -(2n ** 63n);

/** Null where a value held a separator, which shows as a column that is too long. */
function unpack(sessionId: SessionId, packed: Packed): EventColumns | null {
  const seqs = unpackInts(packed.seq);
  const count = seqs.length;
  const ids = new Map([['', 0]]);
  const columns = {
    kinds: unpackKinds(packed),
    responseId: unpackIds(packed.responseId, ids),
    itemId: unpackIds(packed.itemId, ids),
    callId: unpackIds(packed.callId, ids),
  };
  const { kinds, responseId, itemId, callId } = columns;
  if (kinds === null || [kinds.kind, responseId, itemId, callId].some((column) => column.length !== count)) return null;
  return {
    sessionId,
    count,
    lastSeq: seqs.at(-1) ?? 0,
    ...unpackTimes(packed.at ?? new Uint8Array(), count),
    seqRuns: toRuns(seqs),
    ...kinds,
    byteLength: unpackInts(packed.byteLength),
    audioBytes: unpackInts(packed.audioBytes),
    ids: [...ids.keys()],
    responseId,
    itemId,
    callId,
  };
}

function unpackInts(text: string | null): readonly number[] {
  return text === null ? [] : (JSON.parse(`[${text.slice(1, -1)}]`) as number[]);
}

function unpackTexts(text: string | null): readonly string[] {
  return text === null ? [] : text.split('\x1f');
}

function unpackIds(text: string | null, ids: Map<string, number>): readonly number[] {
  return unpackTexts(text).map((id) => indexOf(ids, id));
}

function toRuns(seqs: readonly number[]): readonly number[] {
  const runs: number[] = [];
  let next = -1;
  for (const seq of seqs) {
    if (seq === next) runs[runs.length - 1] = (runs[runs.length - 1] as number) + 1;
    else runs.push(seq, 1);
    next = seq + 1;
  }
  return runs;
}

function unpackTimes(bytes: Uint8Array, count: number): Pick<EventColumns, 'firstAt' | 'at'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let first: number | null = null;
  const at = Array.from({ length: count }, (_, row) => {
    const micros = view.getBigInt64(row * 8);
    if (micros === NO_TIME) return null;
    first ??= Number(micros);
    return Number(micros) - first;
  });
  return { firstAt: first === null ? null : ((first + POSTGRES_EPOCH_MICROS) as WallMicros), at };
}

function unpackKinds(packed: Packed): Pick<EventColumns, 'kinds' | 'kind' | 'direction'> | null {
  const frames = packed.frame ?? '';
  const types = unpackTexts(packed.type);
  const exceptions = unpackTexts(packed.exception);
  if (types.length !== frames.length || exceptions.length !== frames.length) return null;
  if ([...new Set(exceptions)].some((exception) => exception !== '' && exception.split('\x1e').length !== 3)) return null;
  const byKey = new Map<string, number>();
  const kinds: EventKind[] = [];
  const direction: number[] = [];
  const kind = types.map((type, row) => {
    const frame = frames.charCodeAt(row) - 97;
    const format = FORMATS[frame % 3] ?? 'json';
    direction.push(DIRECTIONS[Math.trunc(frame / 3)] ?? 0);
    const exception = exceptions[row] as string;
    const index = indexOf(byKey, exception === '' && format === 'json' ? type : `${format}\x1f${type}\x1f${exception}`);
    kinds[index] ??= toKind(type, format, exception);
    return index;
  });
  return { kinds, kind, direction };
}

function toKind(type: string, format: EventKind['format'], exception: string): EventKind {
  if (exception === '') return { type, canonicalType: type, format, problem: null, flags: [] };
  const [canonicalType = type, problem = '', flags = ''] = exception.split('\x1e');
  return {
    type,
    canonicalType,
    format,
    problem: problem === '' ? null : problem,
    flags: flags === '' ? [] : (flags.split(',') as EventKind['flags']),
  };
}

/** Index of a value in a dictionary, which grows by it where it is new. */
function indexOf(dictionary: Map<string, number>, value: string): number {
  const found = dictionary.get(value);
  if (found !== undefined) return found;
  dictionary.set(value, dictionary.size);
  return dictionary.size - 1;
}
