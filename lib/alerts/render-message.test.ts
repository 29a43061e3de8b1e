import { expect, test } from 'vitest';
import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Incident } from './incident.ts';
import { planDeliveries } from './plan-deliveries.ts';
import { renderMessage } from './render-message.ts';

const AT = 1_795_313_060_000_125 as WallMicros;
const INCIDENT: Incident = {
  id: 'i1',
  ruleId: 'r1',
  ruleName: 'Deltas <!channel>',
  fingerprint: 'f',
  group: { provider: 'openai' },
  state: 'open',
  severity: 'critical',
  title: 'No audio deltas',
  detail: 'A & B <https://evil.example|click>',
  occurrences: 3,
  openedAt: AT,
  lastSeenAt: AT,
  lastNotifiedAt: AT,
  resolvedAt: null,
  resolvedBy: null,
  silencedUntil: null,
  timeline: [],
  sights: [{ at: AT, sessionId: 's1' as SessionId, seq: 7 }],
};
const message = { kind: 'opened', incident: INCIDENT, at: AT, publicUrl: 'https://d.example' } as const;

test('a webhook says what happened, with links', () => {
  expect(JSON.parse(renderMessage(message, 'webhook'))).toEqual({
    type: 'incident.opened',
    timestamp: '2026-11-22T02:04:20.000125Z',
    data: {
      incident: {
        id: 'i1',
        state: 'open',
        severity: 'critical',
        title: 'No audio deltas',
        detail: INCIDENT.detail,
        occurrences: 3,
        group: { provider: 'openai' },
        rule: { id: 'r1', name: 'Deltas <!channel>' },
        opened_at: '2026-11-22T02:04:20.000125Z',
        last_seen_at: '2026-11-22T02:04:20.000125Z',
        resolved_at: null,
        resolved_by: null,
        url: 'https://d.example/alerts?incident=i1',
      },
      session: { id: 's1', seq: 7, url: 'https://d.example/sessions/s1?seq=7' },
    },
  });
});

test('what came from elsewhere becomes no link and no mention in Slack', () => {
  const text = renderMessage(message, 'slack');
  expect(text).not.toContain('<!channel>');
  expect(text).not.toContain('<https://evil.example');
  expect(text).toContain('A &amp; B &lt;https://evil.example|click&gt;');
  expect(text).toContain('<https://d.example/alerts?incident=i1|Incident>');
});

test('Slack’s limits are kept', () => {
  const incident = { ...INCIDENT, title: 'é'.repeat(5000), detail: '&'.repeat(50_000), ruleName: '<'.repeat(200) };
  const { blocks } = JSON.parse(renderMessage({ ...message, incident }, 'slack'));
  expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
  expect(blocks[1].text.text.length).toBeLessThanOrEqual(3000);
  expect(blocks[2].elements[0].text.length).toBeLessThanOrEqual(3000);
});

test('an incident of no session, and a test, have their messages too', () => {
  expect(JSON.parse(renderMessage({ ...message, incident: { ...INCIDENT, sights: [] } }, 'webhook')).data.session).toBeNull();
  expect(JSON.parse(renderMessage({ ...message, kind: 'test', incident: null }, 'webhook'))).toMatchObject({ type: 'test' });
  expect(JSON.parse(renderMessage({ ...message, kind: 'test', incident: null }, 'slack'))).toEqual({ text: expect.any(String) });
});

test('messages go to channels that are on; a test to any', () => {
  const destinations = [
    { id: 'on', kind: 'webhook', isEnabled: true },
    { id: 'off', kind: 'slack', isEnabled: false },
  ] as const;
  const plan = (kind: 'opened' | 'test') =>
    planDeliveries({ kind, incident: null, destinations }, { now: AT, publicUrl: '', makeId: () => 'd' }).map(
      ({ channelId }) => channelId,
    );
  expect(plan('opened')).toEqual(['on']);
  expect(plan('test')).toEqual(['on', 'off']);
});
