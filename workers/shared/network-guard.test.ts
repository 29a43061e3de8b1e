import { expect, test } from 'vitest';
import { guardBinding, isKnownHost, isLoopback } from './network-guard.ts';

test.each(['127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST', 'app.localhost'])(
  '%s is loopback',
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each(['0.0.0.0', '::', '', '10.0.0.1', 'example.com', 'localhost.example.com', '127.0.0.1.example.com'])(
  '%j is not loopback',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

test('a worker beyond loopback needs protection, and is told which setting to change', () => {
  const binding = { host: '0.0.0.0', setting: 'DELTASCOPE_HOST' };
  expect(() => guardBinding({ ...binding, isProtected: true })).not.toThrow();
  const refusal = expect.objectContaining({ code: 'DS_CONFIG_UNPROTECTED' });
  expect(() => guardBinding({ ...binding, isProtected: false })).toThrow(refusal);
  expect(() => guardBinding({ ...binding, isProtected: false })).toThrow(/DELTASCOPE_HOST is 0\.0\.0\.0/);
});

test.each([
  ['localhost:3000', true],
  ['127.0.0.1', true],
  ['[::1]:4100', true],
  ['deltascope.internal:3000', true],
  ['evil.example:3000', false],
  ['deltascope.internal.evil.example', false],
  ['', false],
  [undefined, false],
])('Host %j is known: %s', (header, known) => {
  expect(isKnownHost(header, ['deltascope.internal'])).toBe(known);
});
