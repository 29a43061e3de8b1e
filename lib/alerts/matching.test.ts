import { expect, test } from 'vitest';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { AlertRule, AnomalyCondition, GroupKey, SessionFilter, ShareCondition } from './alert-rule.ts';
import type { FoundAnomaly } from './matching.ts';
import { matchesAnomaly, sightAnomaly } from './matching.ts';
import type { ResponseTally } from './share.ts';
import { sightShares } from './share.ts';

const ANYWHERE: SessionFilter = { provider: null, model: null, tags: {} };
const ANOMALY: FoundAnomaly = {
  sessionId: 's1' as SessionId,
  noticedAt: 5 as WallMicros,
  seq: 7,
  ruleId: 'missing-delta',
  severity: 'high',
  fingerprint: 'missing-delta openai',
  title: 'No audio deltas',
  why: 'Because.',
  provider: 'azure-openai',
  model: 'gpt-realtime-mini',
  tags: { env: 'prod' },
};
const rule = (condition: AlertRule['condition'], groupBy: readonly GroupKey[] = []): AlertRule => ({
  id: 'rule',
  name: 'Rule',
  isEnabled: true,
  condition,
  groupBy,
  channelIds: [],
  renotifyMs: null,
  quietMs: 1,
  silencedUntil: null,
  createdAt: 0 as WallMicros,
  updatedAt: 0 as WallMicros,
});
const anomalies = (change: Partial<AnomalyCondition> = {}): AnomalyCondition => ({
  kind: 'anomaly',
  minSeverity: 'low',
  ruleIds: [],
  where: ANYWHERE,
  ...change,
});

test.each<readonly [string, Partial<AnomalyCondition>, boolean]>([
  ['anything', {}, true],
  ['its own severity', { minSeverity: 'high' }, true],
  ['a worse severity', { minSeverity: 'critical' }, false],
  ['its rule', { ruleIds: ['failed-response', 'missing-delta'] }, true],
  ['another rule', { ruleIds: ['failed-response'] }, false],
  ['its provider', { where: { ...ANYWHERE, provider: 'azure-openai' } }, true],
  ['another provider', { where: { ...ANYWHERE, provider: 'openai' } }, false],
  ['the beginning of its provider, which is another', { where: { ...ANYWHERE, provider: 'azure' } }, false],
  ['the beginning of its model, with a star', { where: { ...ANYWHERE, model: 'gpt-realtime*' } }, true],
  ['another beginning', { where: { ...ANYWHERE, model: 'gpt-4*' } }, false],
  ['its tag', { where: { ...ANYWHERE, tags: { env: 'prod' } } }, true],
  ['another value of its tag', { where: { ...ANYWHERE, tags: { env: 'test' } } }, false],
  ['a tag that it lacks', { where: { ...ANYWHERE, tags: { env: 'prod', team: 'a' } } }, false],
  ['a tag named like what every object has', { where: { ...ANYWHERE, tags: { constructor: '*' } } }, false],
])('a rule over %s', (_name, change, expected) => {
  expect(matchesAnomaly(anomalies(change), ANOMALY)).toBe(expected);
});

test('a session without a model matches no model', () => {
  expect(matchesAnomaly(anomalies({ where: { ...ANYWHERE, model: '*' } }), { ...ANOMALY, model: null })).toBe(false);
});

test.each<readonly [readonly GroupKey[], boolean, boolean]>([
  [[], true, true],
  [['session'], false, true],
  [['finding'], true, false],
  [['rule', 'provider', 'model'], true, true],
  [['session', 'finding'], false, false],
])('grouped by %j, other session: same incident %s; other finding: same incident %s', (groupBy, session, finding) => {
  const fingerprint = (change: Partial<FoundAnomaly>) =>
    sightAnomaly(rule(anomalies(), groupBy), { ...ANOMALY, ...change })?.fingerprint;
  expect(fingerprint({ sessionId: 's2' as SessionId }) === fingerprint({})).toBe(session);
  expect(fingerprint({ fingerprint: 'other' }) === fingerprint({})).toBe(finding);
});

test.each([
  [4, true],
  [5, true],
  [6, false],
])('a rule made at %i speaks of what was found at 5: %s', (createdAt, expected) => {
  const made = { ...rule(anomalies()), createdAt: createdAt as WallMicros };
  expect(sightAnomaly(made, ANOMALY) !== null).toBe(expected);
});

test('two rules never share an incident', () => {
  const [a, b] = ['a', 'b'].map((id) => sightAnomaly({ ...rule(anomalies()), id }, ANOMALY));
  expect(a?.fingerprint).not.toBe(b?.fingerprint);
});

const SHARE: ShareCondition = {
  kind: 'share',
  of: 'cancelled',
  reason: null,
  above: 0.2,
  windowMs: 600_000,
  minResponses: 10,
  severity: 'medium',
  where: ANYWHERE,
};
const tally = (responses: number, counted: number, change: Partial<ResponseTally> = {}): ResponseTally => ({
  provider: 'openai',
  model: 'm',
  tags: {},
  responses,
  counted,
  place: { sessionId: 's1' as SessionId, seq: counted },
  ...change,
});

test.each<readonly [string, readonly ResponseTally[], readonly string[]]>([
  ['nothing', [], []],
  ['too few responses', [tally(9, 9)], []],
  ['exactly the share', [tally(10, 2)], []],
  ['more than the share', [tally(10, 3)], ['30 % cancelled responses']],
  ['several kinds of session together', [tally(6, 2), tally(6, 1, { provider: 'xai' })], ['25 % cancelled responses']],
])('a share of %s', (_name, tallies, titles) => {
  expect(sightShares(rule(SHARE), tallies).map(({ title }) => title)).toEqual(titles);
});

test('a share per provider looks at each provider alone', () => {
  const tallies = [tally(10, 9), tally(10, 0, { provider: 'xai' }), tally(10, 4, { provider: 'azure-openai' })];
  const seen = sightShares(rule(SHARE, ['provider']), tallies);
  expect(seen.map(({ group, total }) => [group, total])).toEqual([
    [{ provider: 'openai' }, 9],
    [{ provider: 'azure-openai' }, 4],
  ]);
  expect(seen[0]?.detail).toBe('9 of 10 responses of the last 10 min; more than 20 % raises this.');
});

test('sessions that a share does not look at do not count', () => {
  const where = { ...ANYWHERE, provider: 'openai' };
  expect(sightShares(rule({ ...SHARE, where }), [tally(10, 1), tally(90, 90, { provider: 'xai' })])).toEqual([]);
});
