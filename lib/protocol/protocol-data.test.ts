import { expect, test } from 'vitest';
import { explainError, PROVIDER_ERRORS } from './error-codes.ts';
import { SECRET_FIELDS, SECRET_HINTS } from './secrets.ts';

test("a provider's error code is explained once, with a class", () => {
  expect(new Set(PROVIDER_ERRORS.map((error) => error.code)).size).toBe(PROVIDER_ERRORS.length);
  for (const error of PROVIDER_ERRORS) expect(['fatal', 'turn', 'race', 'configuration']).toContain(error.class);
  expect(explainError('beta_api_shape_disabled')?.class).toBe('fatal');
  expect(explainError('insufficient_quota')?.retry).toBe(false);
  expect(explainError('no_such_code')).toBeNull();
  expect(explainError(null)).toBeNull();
});

test('every secret field contains a hint, so that no message with a secret is passed over', () => {
  for (const field of SECRET_FIELDS)
    expect(
      SECRET_HINTS.some((hint) => field.path.includes(hint)),
      field.path.join('.'),
    ).toBe(true);
});
