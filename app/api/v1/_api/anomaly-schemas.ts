import { z } from 'zod';
import type { Json } from '#lib/base/json.ts';
import type { RuleText } from '#lib/rules/rule.ts';
import type { AnomalyGroup, AnomalyView } from '#lib/session/view.ts';
import type { IsoTimes } from './iso-times.ts';
import { named } from './named-schemas.ts';
import { count, moment, seq, text, time } from './schema-words.ts';

/** Anomalies as the API sends them, one by one and by kind. */

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export const anomalyState = z.enum(['open', 'acknowledged', 'resolved', 'muted']);

const values = z.record(text, z.unknown()) as z.ZodType<Readonly<Record<string, Json>>>;

export const ANOMALY = named(
  'Anomaly',
  z.strictObject({
    sessionId: z.uuid(),
    id: text,
    ruleId: text,
    ruleVersion: count,
    severity,
    variant: text.describe('Which of the rule’s texts describes it.'),
    fingerprint: text.describe('The same for the same finding in other sessions of that provider, API version and model.'),
    at: time,
    fromSeq: seq,
    toSeq: seq,
    lastSeq: seq,
    evidence: z.array(seq).describe('Messages that prove it, in order.'),
    values: values.describe('What the texts name.'),
    state: anomalyState,
    mutedUntil: time.describe('`muted` holds until then; null for good.'),
    stateChangedAt: time,
    foundAt: moment,
    title: text,
    why: text,
    fix: text,
  }) satisfies z.ZodType<IsoTimes<AnomalyView> & RuleText, unknown>,
);

export const ANOMALY_GROUP = named(
  'AnomalyGroup',
  z.strictObject({
    fingerprint: text,
    ruleId: text,
    variant: text,
    severity,
    provider: text,
    apiVersion: text.nullable(),
    model: text.nullable(),
    anomalies: count,
    sessions: count,
    open: count.describe('How many of them nobody has acknowledged, resolved or muted, themselves or as a kind.'),
    state: anomalyState.describe('How the newest of them stands.'),
    firstFoundAt: moment,
    lastFoundAt: moment,
    example: ANOMALY,
  }) satisfies z.ZodType<
    Omit<IsoTimes<AnomalyGroup>, 'example'> & { readonly example: IsoTimes<AnomalyView> & RuleText },
    unknown
  >,
);
