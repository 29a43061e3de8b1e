import { expect, test } from 'vitest';
import { commandsAt, matchingCommands } from './commands.ts';

const SEARCHES = { saved: ['tool:f'], recent: ['tool:g', 'tool:f'] };
const at = (pathname: string, search = '') => commandsAt({ pathname, search }, ['missing-delta'], (shelf) => SEARCHES[shelf]);
const titles = (path: string, text: string) => matchingCommands(at(path), text).map(({ title, kind }) => `${kind}: ${title}`);

test('in a session its views come before the pages; elsewhere there are none', () => {
  expect(titles('/sessions/1', '').slice(0, 2)).toEqual(['view of this session: Timeline', 'view of this session: Conversation']);
  expect(titles('/sessions/1', 'usage')).toEqual(['view of this session: Usage', 'page: Usage', 'search: usage']);
  expect(titles('/sessions', '')[0]).toBe('page: Overview');
});

test('a view of a session keeps what else the address says', () => {
  expect(at('/sessions/1', '?seq=4&tab=raw&q=a%26b')[1]?.href).toBe('/sessions/1?seq=4&tab=conversation&q=a%26b');
});

test('each word narrows, and what nothing is called can be searched for', () => {
  expect(titles('/', 'rule MISS')).toEqual(['rule: missing-delta', 'search: rule MISS']);
  expect(titles('/', ' refund policy ')).toEqual(['search: refund policy']);
});

test('a search that is saved is not offered as a recent one as well', () => {
  expect(titles('/', 'tool:')).toEqual(['saved search: tool:f', 'recent search: tool:g', 'search: tool:']);
});

test('a search is led to as it was written', () => {
  expect(matchingCommands([], '"a&b" #1').map(({ href }) => href)).toEqual(['/sessions?q=%22a%26b%22%20%231']);
});
