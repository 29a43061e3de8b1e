import { expect, test } from 'vitest';
import { completeQuery } from './complete-query.ts';
import { hasTerm, setTerm, termValue, toggleTerm } from './edit-query.ts';
import type { SessionFacts } from './match-session.ts';
import { matchGlob, matchSession } from './match-session.ts';
import { parseQuery } from './parse-query.ts';
import { makeSnippet } from './snippet.ts';

test('a term is added and taken away, and the rest stays as it was typed', () => {
  const added = toggleTerm('"refund policy"  -tool:x', 'tag', 'env=a "b"');
  expect(added).toBe('"refund policy"  -tool:x tag:"env=a \\"b\\""');
  expect(hasTerm(added, 'tag', 'env=a "b"')).toBe(true);
  expect(toggleTerm(added, 'tag', 'env=a "b"')).toBe('"refund policy" -tool:x');
});

test('a term is there in whatever case it was typed', () => {
  expect(hasTerm('Tag:ENV=prod', 'tag', 'env=Prod')).toBe(true);
  expect(toggleTerm('a Tag:ENV=prod', 'tag', 'env=Prod')).toBe('a');
});

test('one value of a field takes the place of another', () => {
  expect(setTerm('status:open refund -status:lost', 'status', 'ended')).toBe('refund -status:lost status:ended');
  expect(setTerm('status:open', 'status', null)).toBe('');
  expect(termValue('a status:open', 'status')).toBe('open');
});

test.each([
  ['pro', 3, ['provider:']],
  ['a -mod', 6, ['-model:']],
  ['provider:a', 10, ['provider:azure-openai ']],
  ['tag:', 4, ['tag:"env=a b" ']],
  ['"provider:', 10, []],
  ['colour:', 7, []],
])('%j is completed at %i', (text, caret, inserts) => {
  const known = [
    { field: 'provider', value: 'azure-openai', sessions: 3 },
    { field: 'tag', value: 'env=a b', sessions: 1 },
  ];
  expect(completeQuery(text, caret, known).options.map(({ insert }) => insert)).toEqual(inserts);
});

test('a completion takes the place of the whole word', () => {
  expect(completeQuery('x provXXX y', 6, [])).toMatchObject({ from: 2, to: 9 });
});

const SESSION: SessionFacts = {
  status: 'ended',
  provider: 'azure-openai',
  model: 'gpt-realtime-2',
  transport: 'websocket',
  dialect: 'realtime-ga',
  sourceFile: 're\u0301sume\u0301.jsonl',
  tags: { env: 'prod' },
  clock: 'wall',
  startedAt: 1e15,
  lastEventAt: 1e15 + 9e6,
  endedAt: 1e15 + 9e6,
  costUsd: null,
  counts: { completed: 1, cancelled: 1, failed: 0, incomplete: 0, cancelledByReason: { turn_detected: 1 } },
};

test.each([
  ['provider:azure model:GPT-*-2 tag:env=p* tag:env', true],
  ['status:ended status:cancelled -status:failed reason:turn_detected', true],
  ['duration:>=9s since:2001-09-09 until:2001-09-09', true],
  ['cost:>0', false],
  ['-tag:env', false],
  ['provider:azure refund', null],
  ['provider:xai refund', false],
  ['rule:missing-delta', null],
  ['file:re\u0301sume\u0301', true],
])('of a session at hand, %s is answered with %s', (text, answer) => {
  const parsed = parseQuery(text, 2e12);
  expect(parsed.ok && matchSession(parsed.query, SESSION)).toBe(answer);
});

test('a value with stars is matched in one pass', () => {
  expect(matchGlob('a'.repeat(5_000), `${'a*'.repeat(400)}b`)).toBe(false);
  expect(matchGlob('aba', 'ab*ba')).toBe(false);
});

test('a snippet marks what was looked for, in whole characters, whatever was typed', () => {
  const term = (text: string) => ({ kind: 'text', text, isPhrase: true, isId: false }) as const;
  const content = `${'word '.repeat(50)}my Refund – policy (a+)+$ 😀${'😀'.repeat(200)}`;
  const parts = makeSnippet(content, [term('refund policy'), term('((a+)+)+$')]);
  expect(parts[0]?.text).toBe('…');
  expect(parts.find(({ isHit }) => isHit)?.text).toBe('Refund – policy');
  expect(parts.every(({ text }) => text.isWellFormed())).toBe(true);
  expect(makeSnippet('nothing of it', [term('x')])).toEqual([{ text: 'nothing of it', isHit: false }]);
});

test.each([
  ['a word begins where a word begins', 'A refund is fun, funny even.', 'fun', false, 'A refund is [fun], [fun]ny even.'],
  ['a phrase ends where a word ends', 'funny fun', 'fun', true, 'funny [fun]'],
  ['digits belong to the word', '1042 and 42', '42', false, '1042 and [42]'],
  ['a dotted capital is its small letter', 'Iğdır, İstanbul', 'istanbul', false, 'Iğdır, [İstanbul]'],
  ['a small letter is its dotted capital', 'İstanbul istanbul', 'İstanbul', true, '[İstanbul] [istanbul]'],
  ['marks belong to their letter', 'หน้าที่ของคุณ', 'ที่', true, 'หน้า[ที่]ของคุณ'],
  [
    'a rule between two words is only marks',
    `refund ${'-'.repeat(60)} policy`,
    'refund policy',
    true,
    `[refund ${'-'.repeat(60)} policy]`,
  ],
  ['a gap of any length does no harm', `a${'-'.repeat(9_000)}b`, 'a b', true, `a${'-'.repeat(1_999)}…`],
  ['a long phrase is marked whole', `x ${'word '.repeat(60)}y`, 'word '.repeat(60), true, `x [${'word '.repeat(60).trim()}]…`],
])('in a snippet %s', (_, content, text, isPhrase, marked) => {
  const parts = makeSnippet(content, [{ kind: 'text', text, isPhrase, isId: false }]);
  expect(parts.map((part) => (part.isHit ? `[${part.text}]` : part.text)).join('')).toBe(marked);
});
