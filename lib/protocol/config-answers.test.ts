import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/base/json.ts';
import type { SentUpdate } from './config-answers.ts';
import { answeredUpdate, refusedUpdate } from './config-answers.ts';

const sent = (eventId: string | null, requested: JsonObject, type = 'session.update'): SentUpdate => ({
  eventId,
  type,
  requested,
  shared: [],
});
const voice = sent('e1', { voice: 'marin' });
const tools = sent('e2', { tools: [{ type: 'function', name: 'f' }] });

test('an answer is that of the oldest update that it agrees with, else of the oldest', () => {
  expect(answeredUpdate([voice, tools], { voice: 'marin' }, 'openai')).toBe(voice);
  expect(answeredUpdate([voice, tools], { voice: 'alloy', tools: [{ type: 'function', name: 'f' }] }, 'openai')).toBe(tools);
  expect(answeredUpdate([voice, tools], { voice: 'alloy' }, 'openai')).toBe(voice);
  expect(answeredUpdate([], { voice: 'alloy' }, 'openai')).toBeUndefined();
});

test.each<[string, JsonObject, SentUpdate | undefined | null]>([
  ['the update that it names', { event_id: 'e2', code: 'unknown_parameter', param: 'session.voice' }, tools],
  ['the update that it names elsewhere', { client_event_id: 'e2', message: 'no' }, tools],
  ['the oldest that speaks of its parameter', { param: 'session.tools[0].name', code: 'invalid_value' }, tools],
  ['the oldest, where none speaks of it', { param: 'session.type', code: 'missing_required_parameter' }, voice],
  ['the oldest, by a code that only updates get', { code: 'cannot_update_voice' }, voice],
  ['an update that is not known', { event_id: 'e9', param: 'session.type' }, undefined],
  ['no update at all', { code: 'invalid_value', param: 'item.content' }, null],
  [
    'no update by the id of one, where another message that has it too must be meant',
    { event_id: 'e1', param: 'item.content[0].type' },
    null,
  ],
  ['the same, by a code that no update gets', { event_id: 'e1', code: 'response_cancel_not_active' }, null],
  ['the oldest, naming what LocalAI puts in place of an id', { event_id: 'event_TODO', code: 'session_update_error' }, voice],
  ['no update, naming another event', { event_id: 'e9', code: 'server_error' }, null],
])('an error refuses %s', (_, error, expected) => {
  expect(refusedUpdate([voice, tools], error)).toBe(expected);
});

test('an error about the type of a message refuses the update of that type', () => {
  const beta = sent(null, {}, 'transcription_session.update');
  const error = {
    param: 'type',
    message: "Invalid value: 'transcription_session.update'. Supported values are: 'session.update'.",
  };
  expect(refusedUpdate([voice, beta], error)).toBe(beta);
});
