import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import { DAY_MS } from '#lib/base/durations.ts';
import { listCostlySessions } from '#lib/store/list-costly-sessions.ts';
import { readUsage } from '#lib/store/read-usage.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { bucketsOf, lastDays } from '../_server/time-span.ts';
import { usageParsers } from './_state/usage-params.ts';
import { UsageScreen } from './usage-screen.tsx';

export const metadata: Metadata = { title: 'Usage' };
export const dynamic = 'force-dynamic';

const COSTLY = 10;
const loadParams = createLoader(usageParsers);

interface UsagePageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Tokens and cost of all sessions, by day and by what they have in common. */
export default async function UsagePage({ searchParams }: UsagePageProps) {
  const { days, group } = await loadParams(searchParams);
  const span = lastDays(days, Date.now());
  const store = sharedStore();
  const [byDay, byGroup, costly] = await Promise.all([
    readUsage(store, span, 'day'),
    group === 'day' ? null : readUsage(store, span, group),
    listCostlySessions(store, span, COSTLY),
  ]);
  const found = new Map(byDay.map((row) => [row.key, row]));
  const rows = bucketsOf(span, DAY_MS).map((at) => ({ at, usage: found.get(new Date(at).toISOString().slice(0, 10)) ?? null }));
  return <UsageScreen byDay={rows} rows={byGroup ?? byDay.toReversed()} costly={costly} />;
}
