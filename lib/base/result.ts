import type { ErrorCode } from './errors.ts';

/** The outcome of reading something from outside: bad input is a value, not an exception. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string };
