import { expect, test } from 'vitest';
import type { SessionView, ToolCallView } from '#lib/session/view.ts';
import { toolWords } from './tool-words.ts';

test.each([
  // An application that was heard and sent nothing.
  ['function', 'called', 'realtime-ga', 4, 'no output', 'warn'],
  // Server events alone: a realtime provider repeats outputs, so there was none.
  ['function', 'called', 'realtime-beta', 0, 'no output', 'warn'],
  // A Responses stream alone: the output would be in the next request.
  ['function', 'called', 'responses', 0, 'called', 'plain'],
  ['custom', 'called', 'responses', 0, 'called', 'plain'],
  ['function', 'called', 'responses', 1, 'no output', 'warn'],
  ['function', 'answered', 'realtime-ga', 4, 'answered', 'plain'],
  ['builtin', 'answered', 'responses', 0, 'done', 'ok'],
  ['mcp', 'answered', 'realtime-ga', 4, 'done', 'ok'],
  ['mcp', 'called', 'realtime-ga', 4, 'called', 'plain'],
  ['mcp', 'failed', 'realtime-ga', 4, 'failed', 'error'],
] as const)('a %s call that is %s, over %s with %d client events: %s', (kind, status, dialect, clientEvents, text, tone) => {
  const session = { dialect, counts: { clientEvents } } as Pick<SessionView, 'dialect' | 'counts'>;
  const call: Pick<ToolCallView, 'kind' | 'status'> = { kind, status };
  expect(toolWords(call, session).slice(0, 2)).toEqual([text, tone]);
});
