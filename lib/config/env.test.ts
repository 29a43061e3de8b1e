import { expect, test } from 'vitest';
import { DeltascopeError } from '#lib/base/errors.ts';
import { parseEnv } from './env.ts';

test('an empty environment gives the defaults, loopback everywhere', () => {
  const env = parseEnv({ DELTASCOPE_PORT: '' });
  expect(env.DELTASCOPE_PORT).toBe(3000);
  expect(env.DELTASCOPE_HOST).toBe('127.0.0.1');
  expect(env.DELTASCOPE_CAPTURE_KEYS).toEqual([]);
  expect(Object.isFrozen(env)).toBe(true);
});

test('every bad key is named at once, and no value is repeated', () => {
  const run = () => parseEnv({ DELTASCOPE_PORT: 'secret-1', DELTASCOPE_SIMULATOR: 'secret-2', DELTASCOPE_TAP_PORT: '70000' });
  expect(run).toThrow(DeltascopeError);
  expect(run).toThrow(/DELTASCOPE_PORT: .*DELTASCOPE_TAP_PORT: .*DELTASCOPE_SIMULATOR: /);
  expect(run).not.toThrow(/secret/);
  expect(run).toThrow(expect.objectContaining({ code: 'DS_CONFIG_INVALID' }));
});

test('lists are split at commas, without the spaces around', () => {
  expect(parseEnv({ DELTASCOPE_CAPTURE_KEYS: ' a, b ,,c' }).DELTASCOPE_CAPTURE_KEYS).toEqual(['a', 'b', 'c']);
});
