import type { SessionId } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import { isSessionId } from '#lib/base/session-id.ts';

/** Reads the id of a session from the command line. @throws DeltascopeError DS_CLI_SESSION_UNKNOWN for what is no id. */
export function readSessionArgument(text: string): SessionId {
  const id = text.trim().toLowerCase();
  if (!isSessionId(id)) throw new DeltascopeError('DS_CLI_SESSION_UNKNOWN', `“${text}” is not the id of a session.`);
  return id;
}

/** The error for an id that no session has. */
export function unknownSession(id: SessionId): DeltascopeError {
  return new DeltascopeError('DS_CLI_SESSION_UNKNOWN', `There is no session ${id}.`);
}
