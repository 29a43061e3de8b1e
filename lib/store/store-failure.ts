import { CURSOR_MOVED } from './spool-cursor.ts';

/**
 * What a failed write means for the writer:
 * `fenced`: another recorder moved the cursor; `refused`: this data cannot be stored as it is; `away`: the database is not there,
 * or not able now, and the same writes may succeed later; `broken`: an error of our own.
 */
export type StoreFailure = 'fenced' | 'refused' | 'away' | 'broken';

/** SQLSTATE classes that speak of the data itself: 21 cardinality, 22 data, 23 constraint, 54 limits. */
const DATA_CLASSES = new Set(['21', '22', '23', '54']);

/** What pool and driver throw, without a code, when a connection breaks. */
const CONNECTION_BROKE = /terminated|not queryable|timeout|connection|ECONN|EPIPE|socket|closed/i;

/** What to make of an error that a write threw. */
export function classifyFailure(error: Error): StoreFailure {
  const state = sqlStateOf(error);
  if (state === CURSOR_MOVED) return 'fenced';
  if (state !== null) return DATA_CLASSES.has(state.slice(0, 2)) ? 'refused' : 'away';
  if (error instanceof TypeError || error instanceof RangeError) return 'broken';
  return error.name.startsWith('PrismaClient') || CONNECTION_BROKE.test(error.message) ? 'away' : 'broken';
}

/** PostgreSQL's SQLSTATE of an error that came through Prisma or the driver; null where it has none. */
export function sqlStateOf(error: unknown): string | null {
  for (const place of [error, causeOf(error), metaOf(error)]) {
    const code = (place as { originalCode?: unknown; code?: unknown } | undefined)?.originalCode ?? codeOf(place);
    // The system's own codes have no digit (`EPIPE`), Prisma's begin otherwise (`P2010`).
    if (typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !/^P[1-6]/.test(code)) return code;
  }
  return null;
}

/** The database's own sentence, where there is one; else the error's message on one line. */
export function failureSentence(error: Error): string {
  const cause = metaOf(error) ?? causeOf(error);
  const message = (cause as { originalMessage?: unknown } | undefined)?.originalMessage;
  return typeof message === 'string' ? message : (error.message.trim().split('\n').at(-1) ?? error.name);
}

function codeOf(place: unknown): unknown {
  return (place as { code?: unknown } | undefined)?.code;
}

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown } | undefined)?.cause;
}

function metaOf(error: unknown): unknown {
  return (error as { meta?: { driverAdapterError?: { cause?: unknown } } } | undefined)?.meta?.driverAdapterError?.cause;
}
