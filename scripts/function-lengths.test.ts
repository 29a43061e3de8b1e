import { expect, test } from 'vitest';
import { measureFunctions } from './function-lengths.ts';

test('functions, methods and arrow functions are measured without their blank lines', () => {
  const text = `export function one(a: string): string {
  const b = a;

  return b;
}

class Two {
  async three(a: number): Promise<void> {
    if (a > 1) {
      await a;
    }
  }
}

const four = (a: number) => {
  return a;
};
`;
  expect(measureFunctions(text)).toEqual([
    { name: 'one', line: 1, lines: 4 },
    { name: 'three', line: 8, lines: 5 },
    { name: 'four', line: 15, lines: 3 },
  ]);
});

test('a condition is no function', () => {
  expect(measureFunctions('if (a) {\n  b();\n}\n')).toEqual([]);
});
