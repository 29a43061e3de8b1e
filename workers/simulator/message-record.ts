import { createHash } from 'node:crypto';

/** One connection's messages as an end of it saw them, as SHA-256 of the payload's bytes, in order by direction. */
export interface MessageRecord {
  readonly clientToServer: string[];
  readonly serverToClient: string[];
}

/** SHA-256 of a message's payload, in hex: what the store holds beside each event. */
export function hashMessage(payload: string | Buffer): string {
  return createHash('sha256').update(payload).digest('hex');
}

/** A record without messages. */
export function emptyRecord(): MessageRecord {
  return { clientToServer: [], serverToClient: [] };
}
