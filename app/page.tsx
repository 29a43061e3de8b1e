import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import { bySeverity } from '#lib/rules/rule.ts';
import { countOpenIncidents } from '#lib/store/count-open-incidents.ts';
import { groupAnomalies } from '#lib/store/group-anomalies.ts';
import { listIncidents } from '#lib/store/list-incidents.ts';
import { readActivity } from '#lib/store/read-activity.ts';
import { readFirstSession } from '#lib/store/read-first-session.ts';
import { readLiveNow } from '#lib/store/read-live-now.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { FirstCall } from './_overview/first-call.tsx';
import { OverviewScreen } from './_overview/overview-screen.tsx';
import { chosenPart, defaultSpan, SPANS, spanParsers, spanUpTo } from './_overview/span-params.ts';
import { tapAddress } from './_server/tap-address.ts';
import { bucketsOf } from './_server/time-span.ts';

// A page beside the layout is not given the layout's template.
export const metadata: Metadata = { title: { absolute: 'Overview · Deltascope' } };
export const dynamic = 'force-dynamic';

const RECENT_KINDS = 60;
const SHOWN_KINDS = 5;
const RECENT_INCIDENTS = 50;
const SHOWN_INCIDENTS = 4;
const loadParams = createLoader(spanParsers);

interface OverviewPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What is live, a span of time against the one before it, what is being alerted of, and the worst of what was found. */
export default async function OverviewPage({ searchParams }: OverviewPageProps) {
  const store = sharedStore();
  const firstAt = await readFirstSession(store);
  if (firstAt === null) return <FirstCall tap={tapAddress()} />;
  const params = await loadParams(searchParams);
  const name = params.span ?? defaultSpan(firstAt, Date.now());
  const { partMs } = SPANS[name];
  const all = spanUpTo(Date.now(), name);
  const part = chosenPart(all, partMs, params.from, params.to);
  const length = part.toMs - part.fromMs;
  const [parts, now, before, recent, incidents, openIncidents, live] = await Promise.all([
    readActivity(store, all, partMs),
    readActivity(store, part, length),
    readActivity(store, { fromMs: part.fromMs - length, toMs: part.fromMs }, length),
    groupAnomalies(store, { limit: RECENT_KINDS, state: 'open' }),
    listIncidents(store, { state: 'open', limit: RECENT_INCIDENTS }),
    countOpenIncidents(store),
    readLiveNow(store),
  ]);
  const byStart = new Map(parts.map((each) => [each.at, each]));
  return (
    <OverviewScreen
      live={live}
      name={name}
      part={part}
      isPart={length < SPANS[name].lengthMs}
      now={now[0] ?? null}
      before={before[0] ?? null}
      points={bucketsOf(all, partMs).map((at) => ({ at, activity: byStart.get(at) ?? null }))}
      incidents={{
        count: openIncidents,
        worst: incidents
          .toSorted(bySeverity)
          .slice(0, SHOWN_INCIDENTS)
          .map(({ id, title, severity, ruleName, openedAt }) => ({ id, title, severity, ruleName, openedAt })),
      }}
      worst={recent.groups.toSorted(bySeverity).slice(0, SHOWN_KINDS)}
    />
  );
}
