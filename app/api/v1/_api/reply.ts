import type { z } from 'zod';
import type { ErrorCode } from '#lib/base/errors.ts';
import { coerceError, DeltascopeError, ERRORS } from '#lib/base/errors.ts';
import { SearchError } from '#lib/search/search-error.ts';
import { isStoreAway } from '#lib/store/is-store-away.ts';
import { FAILURES } from './failures.ts';
import type { Operation } from './operation.ts';

/** What a route's own code is given: parameters that its operation has parsed. */
export interface Asked<Params, Query> {
  readonly params: Params;
  readonly query: Query;
  readonly request: Request;
}

interface RouteContext {
  /** Absent where the path has none. */
  readonly params: Promise<Record<string, string | string[] | undefined> | undefined>;
}

/** HTTP statuses of the errors that a person can act upon; all others are 500. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  DS_ALERTS_ADDRESS_REFUSED: 400,
  DS_ALERTS_ALERTER_ABSENT: 503,
  DS_API_INVALID: 400,
  DS_API_NOT_FOUND: 404,
  DS_API_TOO_LARGE: 413,
  DS_SEARCH_INVALID: 400,
  DS_SEARCH_TOO_LONG: 400,
  DS_STORE_SESSION_OPEN: 409,
  DS_STORE_UNREACHABLE: 503,
};

/** Makes the handler of a route: parse, call, reply; whatever is thrown becomes an error with a code. */
export function answer<Params extends z.ZodType, Query extends z.ZodType>(
  operation: Operation<Params, Query>,
  handle: (asked: Asked<z.output<Params>, z.output<Query>>) => Promise<Response>,
) {
  return async (request: Request, context: RouteContext): Promise<Response> => {
    try {
      const params = parse(operation.params, (await context.params) ?? {});
      const query = parse(operation.query, Object.fromEntries(new URL(request.url).searchParams));
      return await handle({ params, query, request });
    } catch (thrown) {
      return replyError(coerceError(thrown));
    }
  };
}

const MAX_BODY_BYTES = 1024 ** 2;

/**
 * What a request carries.
 * @throws DeltascopeError DS_API_TOO_LARGE, or DS_API_INVALID where it is not JSON, or not as the schema says
 */
export async function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  return parse(schema, parseJson(await readText(request)));
}

/** The body as text; no more of it is held than a request may carry. */
async function readText({ body }: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new DeltascopeError('DS_API_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DeltascopeError('DS_API_INVALID', 'The body is not JSON.');
  }
}

/** JSON that nobody keeps: what is recorded changes. */
export function replyJson(body: unknown): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
}

/** @throws DeltascopeError DS_API_NOT_FOUND where there is nothing */
export function found<Value>(value: Value | null, what: string): Value {
  if (value === null) throw new DeltascopeError('DS_API_NOT_FOUND', `${what} does not exist.`);
  return value;
}

function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new DeltascopeError('DS_API_INVALID', `${problems.join('; ')}.`);
}

/** An error as the API answers it: code, what happened, what to do. */
export function replyError(error: Error): Response {
  const known = error instanceof DeltascopeError ? error : describeFailure(error);
  const problems = known instanceof SearchError ? { problems: known.problems } : {};
  const body = { error: { code: known.code, message: known.message, action: ERRORS[known.code].action, ...problems } };
  return Response.json(body, { status: STATUSES[known.code] ?? 500, headers: { 'cache-control': 'no-store' } });
}

/** An error of the database or of our own; its text is for the log, not for who asks: it may hold addresses or data. */
function describeFailure(error: Error): DeltascopeError {
  if (isStoreAway(error)) return new DeltascopeError('DS_STORE_UNREACHABLE', 'The database does not answer.');
  FAILURES.publish(error);
  return new DeltascopeError('DS_API_FAILED', `An error of type ${error.name} occurred.`, { cause: error });
}
