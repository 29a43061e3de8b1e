import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { isSessionId } from '#lib/base/session-id.ts';
import type { SessionView } from '#lib/session/view.ts';
import { findSession } from '#lib/store/find-session.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { SessionScreen } from './session-screen.tsx';

interface SessionPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata({ params }: SessionPageProps): Promise<Metadata> {
  const { id } = await params;
  const session = await readSession(id);
  if (session === null) return { title: 'No such session' };
  // An id begins with the time, and calls of one minute begin alike: its end tells browser tabs apart.
  return { title: `${session.model ?? 'Session'} · ${id.slice(-6)}` };
}

/** Read once for title and page. */
const readSession = cache(
  (id: string): Promise<SessionView | null> => (isSessionId(id) ? findSession(sharedStore(), id) : Promise.resolve(null)),
);

/** One session: what was said over the wire, in order and in time. */
export default async function SessionPage({ params }: SessionPageProps) {
  const { id } = await params;
  const session = await readSession(id);
  if (session === null) notFound();
  return <SessionScreen key={session.id} initial={session} />;
}
