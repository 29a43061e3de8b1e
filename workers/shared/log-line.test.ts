import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';

const PLAIN = { colour: false };

test('a JSON line becomes time, worker, level where it matters, message and fields', () => {
  const line = JSON.stringify({ level: 40, time: 0, worker: 'tap', msg: 'refused', sessionId: 'a', n: 2 });
  expect(formatLogLine('tap', line, PLAIN)).toMatch(/^\d\d:\d\d:\d\d tap {7}warn refused sessionId=a n=2$/);
});

test('a stack trace follows its line, indented', () => {
  const line = JSON.stringify({ level: 50, time: 0, worker: 'tap', msg: 'oh', err: { stack: 'Error: oh\n    at here' } });
  expect(formatLogLine('tap', line, PLAIN).split('\n').slice(1)).toEqual(['    Error: oh', '    at here']);
});

test('what is not our JSON is passed on as it is, with the worker’s name', () => {
  expect(formatLogLine('dashboard', 'Warning: {"a":1}', PLAIN)).toMatch(/ dashboard Warning: \{"a":1\}$/);
  expect(formatLogLine('dashboard', '{"a":1}', PLAIN)).toMatch(/ dashboard \{"a":1\}$/);
});
