import type { z } from 'zod';

/** What an answer of success carries: JSON of a schema, a body of some media type, or nothing. */
export type ReplyBody = { readonly json: z.ZodType } | { readonly media: readonly string[] } | null;

/** One thing that the API does. Routes parse with it, the OpenAPI document is made of it. */
export interface Operation<Params extends z.ZodType = z.ZodType, Query extends z.ZodType = z.ZodType> {
  readonly method: 'get' | 'delete' | 'patch' | 'post';
  /** As in OpenAPI: `/api/v1/sessions/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  /** What the request carries; unset for nothing. */
  readonly request?: z.ZodType;
  readonly status: number;
  readonly body: ReplyBody;
  /** Statuses of failure beyond those that any operation may answer. */
  readonly failures: readonly number[];
}

/** Keeps the types of an operation's parameters. */
export function defineOperation<Params extends z.ZodType, Query extends z.ZodType>(
  operation: Operation<Params, Query>,
): Operation<Params, Query> {
  return operation;
}
