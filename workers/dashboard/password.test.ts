import { expect, test } from 'vitest';
import { AttemptLimit } from './attempt-limit.ts';
import { PasswordCheck } from './password.ts';

const basic = (password: string) => `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`;
const from = (address: string, authorization?: string) => ({ address, authorization });

function makeCheck() {
  let now = 1_000_000;
  const limit = new AttemptLimit(() => now);
  return { limit, check: new PasswordCheck('s3cret:ü', limit), wait: (ms: number) => (now += ms) };
}

test('the right password passes under any user name, colons and umlauts included', () => {
  const { check } = makeCheck();
  expect(check.judge(from('a', basic('s3cret:ü')))).toBe('pass');
});

test('no password, a wrong one, or another scheme is refused', () => {
  const { check } = makeCheck();
  for (const authorization of [undefined, '', 'Basic', 'Basic !', 'Bearer s3cret:ü', basic('s3cret'), basic(''), 'Basic YQ==']) {
    expect(check.judge(from('a', authorization))).toBe('unauthorized');
  }
});

test('the eleventh wrong password within a minute has to wait, from that address only', () => {
  const { check, wait } = makeCheck();
  for (let attempt = 0; attempt < 10; attempt += 1) expect(check.judge(from('a', basic('wrong')))).toBe('unauthorized');
  expect(check.judge(from('a', basic('s3cret:ü')))).toBe('too_many');
  expect(check.judge(from('b', basic('s3cret:ü')))).toBe('pass');
  wait(60_000);
  expect(check.judge(from('a', basic('s3cret:ü')))).toBe('pass');
});

test('requests without a password do not count as attempts', () => {
  const { check } = makeCheck();
  for (let attempt = 0; attempt < 30; attempt += 1) check.judge(from('a'));
  expect(check.judge(from('a', basic('s3cret:ü')))).toBe('pass');
});

test('attempts under way count until they prove right, so that many at once are no way around the limit', () => {
  const { limit } = makeCheck();
  for (let attempt = 0; attempt < 10; attempt += 1) limit.begin('a');
  expect(limit.isBlocked('a')).toBe(true);
  limit.forgive('a');
  expect(limit.isBlocked('a')).toBe(false);
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', true],
  ['2001:db8::1', '2001:db8::2:0:0:1', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['::1', '::2', true],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
  ['192.0.2.1', '192.0.2.2', false],
])('wrong passwords from %s and %s are counted together: %s', (one, other, expected) => {
  const { limit } = makeCheck();
  for (let attempt = 0; attempt < 10; attempt += 1) limit.begin(one);
  expect(limit.isBlocked(other)).toBe(expected);
});

test('ten thousand addresses are remembered, then the oldest is forgotten', () => {
  const { limit } = makeCheck();
  for (let attempt = 0; attempt < 10; attempt += 1) limit.begin('first');
  for (let address = 0; address < 10_000; address += 1) limit.begin(`other ${address}`);
  expect(limit.isBlocked('first')).toBe(false);
});
