import type { Direction } from '#lib/base/direction.ts';
import type { ErrorCode } from '#lib/base/errors.ts';

/** One message found in a file: the exact source text of the event, and what the file says about it. */
export interface ImportedMessage {
  /** Exactly as it stands in the file: neither parsed nor printed again. */
  readonly payload: Uint8Array;
  readonly format: 'text' | 'binary';
  readonly direction: Direction;
  readonly time: ImportedTime | null;
  /** Why the line could not be read as an event; it is kept all the same. */
  readonly problem: { readonly code: ErrorCode; readonly detail: string } | null;
}

/** A time as a file gives it, in microseconds: of the wall clock, or since a start that the file does not name. */
export interface ImportedTime {
  readonly clock: 'wall' | 'relative';
  readonly micros: number;
}
