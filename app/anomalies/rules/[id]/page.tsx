import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DAY_MS } from '#lib/base/durations.ts';
import { registry } from '#lib/rules/registry.ts';
import { readRuleRate } from '#lib/store/read-rule-rate.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { bucketsOf, lastDays } from '../../../_server/time-span.ts';
import { RuleScreen } from './rule-screen.tsx';

export const dynamic = 'force-dynamic';

interface RulePageProps {
  readonly params: Promise<{ readonly id: string }>;
}

const DAYS = 14;

export async function generateMetadata({ params }: RulePageProps): Promise<Metadata> {
  return { title: `Rule ${(await params).id.slice(0, 60)}` };
}

/** What a rule looks for, what it says, and how often it is right to say it. */
export default async function RulePage({ params }: RulePageProps) {
  const { id } = await params;
  const rule = registry.find(({ meta }) => meta.id === id);
  if (rule === undefined) notFound();
  const span = lastDays(DAYS, Date.now());
  const rates = await readRuleRate(sharedStore(), rule.meta.id, span, DAY_MS);
  return <RuleScreen meta={rule.meta} rates={rates} days={bucketsOf(span, DAY_MS)} />;
}
