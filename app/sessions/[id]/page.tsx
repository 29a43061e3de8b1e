import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
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
  return { title: `Session ${id.slice(0, 8)}` };
}

/** One session: what was said over the wire, in order and in time. */
export default async function SessionPage({ params }: SessionPageProps) {
  const { id } = await params;
  const session: SessionView | null = isSessionId(id) ? await findSession(sharedStore(), id) : null;
  if (session === null) notFound();
  return <SessionScreen key={session.id} initial={session} />;
}
