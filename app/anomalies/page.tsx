import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import { DAY_MS } from '#lib/base/durations.ts';
import { registry } from '#lib/rules/registry.ts';
import { bySeverity } from '#lib/rules/rule.ts';
import type { AnomalyGroup, Severity } from '#lib/session/view.ts';
import { groupAnomalies } from '#lib/store/group-anomalies.ts';
import { readAnomalyTrend } from '#lib/store/read-anomaly-trend.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { bucketsOf, lastDays } from '../_server/time-span.ts';
import { anomalyParsers } from './_list/anomaly-params.ts';
import type { GroupRow } from './_list/group-line.tsx';
import { AnomaliesScreen } from './anomalies-screen.tsx';

export const metadata: Metadata = { title: 'Anomalies' };
export const dynamic = 'force-dynamic';

const TREND_DAYS = 14;
const PAGE_GROUPS = 60;
const loadParams = createLoader(anomalyParsers);

interface AnomaliesPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Anomalies of all sessions, one line per kind: on a page are those found last, worst first. */
export default async function AnomaliesPage({ searchParams }: AnomaliesPageProps) {
  const { severity, rule, state, cursor } = await loadParams(searchParams);
  const { groups, nextCursor } = await groupAnomalies(sharedStore(), {
    limit: PAGE_GROUPS,
    severity: severity.length === 0 ? undefined : (severity as Severity[]),
    rule: rule ?? undefined,
    state: state === 'all' ? undefined : state,
    cursor: cursor ?? undefined,
  });
  const rules = registry.map(({ meta }) => meta.id);
  return <AnomaliesScreen groups={await withTrends(groups.toSorted(bySeverity))} nextCursor={nextCursor} rules={rules} />;
}

async function withTrends(groups: readonly AnomalyGroup[]): Promise<readonly GroupRow[]> {
  const span = lastDays(TREND_DAYS, Date.now());
  const fingerprints = groups.map((group) => group.fingerprint);
  const points = fingerprints.length === 0 ? [] : await readAnomalyTrend(sharedStore(), fingerprints, span, DAY_MS);
  const counts = new Map(points.map((point) => [`${point.at} ${point.fingerprint}`, point.anomalies]));
  const days = bucketsOf(span, DAY_MS);
  return groups.map((group) => ({ ...group, trend: days.map((at) => counts.get(`${at} ${group.fingerprint}`) ?? 0) }));
}
