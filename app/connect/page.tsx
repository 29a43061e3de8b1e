import type { Metadata } from 'next';
import { tapAddress } from '../_server/tap-address.ts';
import { FirstSteps } from '../_ui/first-steps.tsx';

export const metadata: Metadata = { title: 'Connect' };
export const dynamic = 'force-dynamic';

/** How to point an application at the tap. */
export default function ConnectPage() {
  return <FirstSteps tap={tapAddress()} />;
}
