import type { Metadata } from 'next';
import { tapAddress } from '../_server/tap-address.ts';
import { SessionsScreen } from './sessions-screen.tsx';

export const metadata: Metadata = { title: 'Sessions' };
export const dynamic = 'force-dynamic';

/** All sessions, newest first. */
export default function SessionsPage() {
  return <SessionsScreen tap={tapAddress()} />;
}
