import type { SessionId } from '#lib/base/brand.ts';

/** Which of a session's responses, items, tool calls or turns to read. */
export interface EntityRequest {
  readonly sessionId: SessionId;
  /** Rows with a higher ordinal only; unset from the start. */
  readonly after?: number | undefined;
  /** Most rows; unset for all. */
  readonly limit?: number | undefined;
}
