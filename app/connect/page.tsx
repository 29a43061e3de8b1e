import type { Metadata } from 'next';
import { FirstSteps } from '../_ui/first-steps.tsx';
import { tapAddress } from '../_server/tap-address.ts';

export const metadata: Metadata = { title: 'Connect' };
export const dynamic = 'force-dynamic';

/** How to point an application at the tap. */
export default function ConnectPage() {
  return <FirstSteps tap={tapAddress()} />;
}
