import { expect, test } from 'vitest';
import { PasswordCheck } from './password.ts';

const basic = (password: string) => `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`;
const from = (address: string, authorization?: string, cookie?: string) => ({ address, authorization, cookie });

function makeCheck() {
  let now = 1_000_000;
  const check = new PasswordCheck('s3cret:ü', () => now);
  return { check, wait: (ms: number) => (now += ms) };
}

test('the right password passes under any user name, colons and umlauts included', () => {
  const { check } = makeCheck();
  expect(check.judge(from('a', basic('s3cret:ü')))).toBe('fresh');
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
  expect(check.judge(from('b', basic('s3cret:ü')))).toBe('fresh');
  wait(60_000);
  expect(check.judge(from('a', basic('s3cret:ü')))).toBe('fresh');
});

test('requests without a password do not count as attempts', () => {
  const { check } = makeCheck();
  for (let attempt = 0; attempt < 30; attempt += 1) check.judge(from('a'));
  expect(check.judge(from('a', basic('s3cret:ü')))).toBe('fresh');
});

test('the cookie lets in for twelve hours, also while an address has to wait, and only as it was signed', () => {
  const { check, wait } = makeCheck();
  const cookie = check.makeCookie().split(';')[0] ?? '';
  for (let attempt = 0; attempt < 11; attempt += 1) check.judge(from('a', basic('wrong')));
  expect(check.judge(from('a', undefined, `theme=dark; ${cookie}`))).toBe('pass');
  expect(check.judge(from('b', undefined, cookie.replace(/=\d/, '=9')))).toBe('unauthorized');
  expect(new PasswordCheck('other', () => 0).judge(from('b', undefined, cookie))).toBe('unauthorized');
  wait(12 * 60 * 60 * 1000);
  expect(check.judge(from('b', undefined, cookie))).toBe('unauthorized');
});
