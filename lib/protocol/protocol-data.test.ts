import { expect, test } from 'vitest';
import { codeOf, explainError, PROVIDER_ERRORS } from './error-codes.ts';
import { SECRET_FIELDS, SECRET_HINTS } from './secrets.ts';

test("a provider's error code is explained once, with a class", () => {
  expect(new Set(PROVIDER_ERRORS.map((error) => error.code)).size).toBe(PROVIDER_ERRORS.length);
  for (const error of PROVIDER_ERRORS) expect(['fatal', 'turn', 'race', 'configuration']).toContain(error.class);
  expect(explainError('beta_api_shape_disabled')?.class).toBe('fatal');
  expect(explainError('insufficient_quota')?.retry).toBe(false);
  expect(explainError('no_such_code')).toBeNull();
  expect(explainError(null)).toBeNull();
});

test('an error is known by its message where it has no code, or one of its own', () => {
  const active = 'conversation_already_has_active_response';
  expect(codeOf({ code: null, message: 'Conversation already has an active response' })).toBe(active);
  expect(codeOf({ code: 'invalid_value', message: 'Cannot create response while another response is in progress.' })).toBe(
    active,
  );
  expect(codeOf({ message: 'Cancellation failed: no active response found' })).toBe('response_cancel_not_active');
  expect([codeOf({ code: 'x', message: 'No.' }), codeOf({}), codeOf(undefined)]).toEqual(['x', null, null]);
});

test('every secret field contains a hint, so that no message with a secret is passed over', () => {
  for (const field of SECRET_FIELDS)
    expect(
      SECRET_HINTS.some((hint) => field.path.includes(hint)),
      field.path.join('.'),
    ).toBe(true);
});
