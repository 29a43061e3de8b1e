import type { Metadata } from 'next';
import { registry } from '#lib/rules/registry.ts';
import { AlertsScreen } from './alerts-screen.tsx';

export const metadata: Metadata = { title: 'Alerts' };
export const dynamic = 'force-dynamic';

/** Incidents, the rules that open them, and the channels that carry them. */
export default function AlertsPage() {
  return <AlertsScreen anomalyRules={registry.map(({ meta }) => meta.id)} />;
}
