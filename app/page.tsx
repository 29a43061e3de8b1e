import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import { countOpenSessions } from '#lib/store/count-open-sessions.ts';
import { groupAnomalies } from '#lib/store/group-anomalies.ts';
import { listRecentSessions } from '#lib/store/list-recent-sessions.ts';
import { readActivity } from '#lib/store/read-activity.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { OverviewScreen } from './_overview/overview-screen.tsx';
import { spanParsers } from './_overview/span-params.ts';
import { tapAddress } from './_server/tap-address.ts';
import { bucketsOf, DAY_MS, HOUR_MS } from './_server/time-span.ts';
import { FirstSteps } from './_ui/first-steps.tsx';

export const metadata: Metadata = { title: 'Overview' };
export const dynamic = 'force-dynamic';

const NEWEST_KINDS = 6;
const loadParams = createLoader(spanParsers);

interface OverviewPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What is live, the last 24 hours against the 24 before, and what was found last. */
export default async function OverviewPage({ searchParams }: OverviewPageProps) {
  const store = sharedStore();
  const anySession = await listRecentSessions(store, 1);
  if (anySession.length === 0) return <FirstSteps tap={tapAddress()} />;
  const toMs = (Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS;
  const day = { fromMs: toMs - DAY_MS, toMs };
  const params = await loadParams(searchParams);
  const span = chosenPart(day, params.from, params.to);
  const length = span.toMs - span.fromMs;
  const before = { fromMs: span.fromMs - length, toMs: span.fromMs };
  const [hours, now, then, newest, live] = await Promise.all([
    readActivity(store, day, HOUR_MS),
    readActivity(store, span, length),
    readActivity(store, before, length),
    groupAnomalies(store, { limit: NEWEST_KINDS, state: 'open' }),
    countOpenSessions(store),
  ]);
  const byHour = new Map(hours.map((hour) => [hour.at, hour]));
  return (
    <OverviewScreen
      live={live}
      span={span}
      isPart={length < DAY_MS}
      now={now[0] ?? null}
      before={then[0] ?? null}
      hours={bucketsOf(day, HOUR_MS).map((at) => ({ at, activity: byHour.get(at) ?? null }))}
      newest={newest.groups}
    />
  );
}

/** Whole hours of the day that the URL names; all of it where it names none, or none of this day. */
function chosenPart(day: { readonly fromMs: number; readonly toMs: number }, from: Date | null, to: Date | null) {
  const fromMs = Math.max(day.fromMs, Math.floor((from?.getTime() ?? day.fromMs) / HOUR_MS) * HOUR_MS);
  const toMs = Math.min(day.toMs, Math.ceil((to?.getTime() ?? day.toMs) / HOUR_MS) * HOUR_MS);
  return toMs > fromMs ? { fromMs, toMs } : day;
}
