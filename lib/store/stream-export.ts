import type { SessionId } from '#lib/base/brand.ts';
import type { SessionView } from '#lib/session/view.ts';
import type { Store } from './connect.ts';
import { findSession } from './find-session.ts';
import type { StoredEvent } from './read-event.ts';
import { readStoredEvents } from './read-event.ts';

/** What an export consists of, in order: the session, each of its messages, and how the session stands after them. */
export type ExportPart =
  | { readonly kind: 'session'; readonly session: SessionView }
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'end'; readonly session: SessionView };

/** Few enough that a page of the largest messages fits into memory. */
const PAGE_EVENTS = 200;

/**
 * Everything of a session, read page by page as the consumer asks for it; null where there is no such session.
 * A session that is still recorded ends at what was committed when the reading came there.
 */
export async function streamExport(store: Store, id: SessionId): Promise<AsyncGenerator<ExportPart> | null> {
  const session = await findSession(store, id);
  return session === null ? null : readParts(store, session);
}

async function* readParts(store: Store, session: SessionView): AsyncGenerator<ExportPart> {
  yield { kind: 'session', session };
  for (let after = 0; ; ) {
    const events = await readStoredEvents(store, { sessionId: session.id, after, limit: PAGE_EVENTS });
    for (const event of events) yield { kind: 'event', event };
    if (events.length < PAGE_EVENTS) break;
    after = events.at(-1)?.row.seq ?? after;
  }
  yield { kind: 'end', session: (await findSession(store, session.id)) ?? session };
}
