import { expect, test } from 'vitest';
import { ExactNumber, parseExact } from './exact-json.ts';

test('ordinary JSON is parsed as it is', () => {
  expect(parseExact('{"a":[1,2.5,true,null,"x"],"b":1.50}')).toEqual({ a: [1, 2.5, true, null, 'x'], b: 1.5 });
});

test('numbers that JavaScript cannot hold keep their digits', () => {
  const parsed = parseExact('{"big":1e200000,"id":12345678901234567890}') as Record<string, ExactNumber>;
  expect(parsed['big']).toBeInstanceOf(ExactNumber);
  expect(parsed['big']?.text).toBe('1e200000');
  expect(parsed['id']?.text).toBe('12345678901234567890');
});

test('what is not JSON is refused', () => {
  expect(() => parseExact('{nope')).toThrow(SyntaxError);
});
