import { expect, test } from 'vitest';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Severity } from '#lib/session/view.ts';
import type { AlertRule } from './alert-rule.ts';
import type { Sighting } from './decide.ts';
import { openIncident, passTime, resolveIncident, seeAgain, silenceIncident } from './decide.ts';
import type { Incident } from './incident.ts';

const SECOND = 1_000_000;
const at = (seconds: number) => (seconds * SECOND) as WallMicros;

const RULE: AlertRule = {
  id: 'rule',
  name: 'Rule',
  isEnabled: true,
  groupBy: [],
  channelIds: [],
  renotifyMs: 100_000,
  quietMs: 60_000,
  condition: { kind: 'anomaly', minSeverity: 'low', ruleIds: [], where: { provider: null, model: null, tags: {} } },
  silencedUntil: null,
  createdAt: at(0),
  updatedAt: at(0),
};
const sighting = (severity: Severity = 'high', total: number | null = null, seq = 0): Sighting => ({
  fingerprint: 'f',
  group: {},
  severity,
  title: `${severity} title`,
  detail: 'Detail.',
  total,
  place: { sessionId: 's' as SessionId, seq },
});
const open = (rule: AlertRule = RULE) => openIncident(sighting(), rule, { now: at(0), id: 'i' });
const silenced = { ...RULE, silencedUntil: at(1000) };

/** What is done to an incident that opened at 0 s, and what comes of it. */
type Step =
  | readonly ['see', number, Severity?, number?]
  | readonly ['pass', number]
  | readonly ['resolve', number]
  | readonly ['silence', number, number];

function play(steps: readonly Step[], rule: AlertRule = RULE): { readonly incident: Incident; readonly told: readonly string[] } {
  let { incident, notify } = open(rule);
  const told = notify === null ? [] : [`0 ${notify}`];
  for (const step of steps) {
    const now = at(step[1]);
    const change =
      step[0] === 'see'
        ? seeAgain(incident, sighting(step[2], step[3] ?? null, step[1]), rule, now)
        : step[0] === 'pass'
          ? passTime(incident, rule, now)
          : step[0] === 'resolve'
            ? resolveIncident(incident, 'person', rule, now)
            : { incident: silenceIncident(incident, at(step[2]), now), notify: null };
    if (change === null) continue;
    ({ incident, notify } = change);
    if (notify !== null) told.push(`${step[1]} ${notify}`);
  }
  return { incident, told };
}

const CASES: readonly (readonly [string, readonly Step[], readonly string[], 'open' | 'resolved', AlertRule?])[] = [
  ['a sighting opens it and tells', [], ['0 opened'], 'open'],
  ['a further sighting tells nobody', [['see', 5]], ['0 opened'], 'open'],
  ['a milder sighting tells nobody', [['see', 5, 'low']], ['0 opened'], 'open'],
  ['a worse one tells at once', [['see', 5, 'critical']], ['0 opened', '5 escalated'], 'open'],
  ['just before the quiet time it is open', [['pass', 59.999999]], ['0 opened'], 'open'],
  ['after the quiet time it resolves and tells', [['pass', 60]], ['0 opened', '60 resolved'], 'resolved'],
  [
    'a sighting begins the quiet time anew',
    [
      ['see', 50],
      ['pass', 99],
    ],
    ['0 opened'],
    'open',
  ],
  [
    'and then it resolves',
    [
      ['see', 50],
      ['pass', 110],
    ],
    ['0 opened', '110 resolved'],
    'resolved',
  ],
  [
    'what goes on is told again',
    [
      ['see', 50],
      ['see', 99],
      ['pass', 99],
      ['pass', 100],
    ],
    ['0 opened', '100 renotified'],
    'open',
  ],
  [
    'and again after the same time',
    [
      ['see', 50],
      ['see', 99],
      ['pass', 100],
      ['see', 150],
      ['pass', 199],
      ['see', 199],
      ['pass', 200],
    ],
    ['0 opened', '100 renotified', '200 renotified'],
    'open',
  ],
  ['nothing new is not told again', [['pass', 100]], ['0 opened'], 'open', { ...RULE, quietMs: 500_000 }],
  [
    'without a time it is never told again',
    [
      ['see', 50],
      ['see', 99],
      ['pass', 150],
    ],
    ['0 opened'],
    'open',
    { ...RULE, renotifyMs: null },
  ],
  ['a person resolves it', [['resolve', 3]], ['0 opened', '3 resolved'], 'resolved'],
  [
    'a resolved one stays so',
    [
      ['resolve', 3],
      ['pass', 900],
    ],
    ['0 opened', '3 resolved'],
    'resolved',
  ],
  [
    'under a silent rule nobody is told',
    [
      ['see', 5, 'critical'],
      ['pass', 50],
    ],
    [],
    'open',
    silenced,
  ],
  ['nor of an end of which nobody heard the beginning', [['pass', 70]], [], 'resolved', silenced],
  [
    'after the silence whoever was not told is',
    [
      ['see', 990],
      ['pass', 999],
      ['pass', 1000],
    ],
    ['1000 opened'],
    'open',
    silenced,
  ],
  [
    'a silenced incident does not tell that it got worse',
    [
      ['silence', 1, 40],
      ['see', 5, 'critical'],
    ],
    ['0 opened'],
    'open',
  ],
  [
    'nor that it ended',
    [
      ['silence', 1, 400],
      ['pass', 70],
    ],
    ['0 opened'],
    'resolved',
  ],
  [
    'after its silence it tells again',
    [
      ['silence', 1, 10],
      ['see', 20, 'critical'],
    ],
    ['0 opened', '20 escalated'],
    'open',
  ],
];

for (const [name, steps, told, state, rule] of CASES) {
  test(name, () => {
    const result = play(steps, rule);
    expect(result.told).toEqual(told);
    expect(result.incident.state).toBe(state);
  });
}

test('a place that was seen last is not noted again', () => {
  const { incident } = play([
    ['see', 5],
    ['see', 6],
  ]);
  expect(seeAgain(incident, sighting('high', null, 6), RULE, at(9)).incident.sights).toBe(incident.sights);
});

test('sightings are counted, and a share says itself how many there are', () => {
  expect(
    play([
      ['see', 1],
      ['see', 2],
    ]).incident.occurrences,
  ).toBe(3);
  expect(
    play([
      ['see', 1, 'high', 17],
      ['see', 2, 'high', 9],
    ]).incident.occurrences,
  ).toBe(9);
});

test('the worst severity stays, with its words', () => {
  const { incident } = play([
    ['see', 1, 'critical'],
    ['see', 2, 'low'],
  ]);
  expect(incident).toMatchObject({ severity: 'critical', title: 'critical title' });
});

test('of a long incident the first and the latest is kept', () => {
  const { incident } = play(Array.from({ length: 300 }, (_, index): Step => ['see', index + 1]));
  expect(incident.sights).toHaveLength(20);
  expect(incident.sights.map(({ at: time }) => time / SECOND)).toEqual([
    0,
    ...Array.from({ length: 19 }, (_, index) => index + 282),
  ]);
  const busy = play(Array.from({ length: 300 }, (_, index): Step => ['silence', index + 1, 1000]));
  expect(busy.incident.timeline).toHaveLength(100);
  expect(busy.incident.timeline[0]?.kind).toBe('opened');
});
