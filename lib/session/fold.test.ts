import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { Json } from '#lib/base/json.ts';
import { allEntries } from '#lib/protocol/catalogue.ts';
import { decodeBody } from '#lib/protocol/decode.ts';
import type { FoldedSession } from '#tests/support/fold-session.ts';
import { collect, emptyFolded, foldLines, foldScript, openScripted, SCRIPT_START } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';
import { closeSession, foldEvent, foldLoss, foldWatermark, restoreState, serialiseState, takeChanges } from './fold.ts';

const CALL_WITH_BARGE_IN = script(`
  0     s>c  session.created                       {"session":{"id":"sess_1","type":"realtime","model":"gpt-realtime","audio":{"output":{"format":{"type":"audio/pcm","rate":24000}}}}}
  5     c>s  session.update                        e1 {"session":{"type":"realtime","instructions":"x"}}
  9     s>c  session.updated                       {"session":{"id":"sess_1","type":"realtime","instructions":"x"}}
  100   s>c  input_audio_buffer.speech_started     i1 audio_start_ms=0
  900   s>c  input_audio_buffer.speech_stopped     i1 audio_end_ms=800
  910   s>c  input_audio_buffer.committed          i1
  920   s>c  conversation.item.added               i1 {"item":{"type":"message","role":"user","content":[{"type":"input_audio"}]}}
  930   s>c  response.created                      r1 {"response":{"conversation_id":"conv_1"}}
  940   s>c  response.output_item.added            r1 i2 {"item":{"type":"message","role":"assistant","status":"in_progress"}}
  950   s>c  response.output_audio_transcript.delta r1 i2 content_index=0 delta=Let
  960   s>c  response.output_audio.delta           r1 i2 content_index=0 delta=AAAAAAAA
  970   s>c  conversation.item.input_audio_transcription.completed i1 content_index=0 {"transcript":"Hi","usage":{"type":"duration","seconds":0.8}}
  1000  s>c  input_audio_buffer.speech_started     i3 audio_start_ms=900
  1010  s>c  response.done                         r1 {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"},"usage":{"total_tokens":3,"input_tokens":2,"output_tokens":1}}}
  1500  s>c  input_audio_buffer.speech_stopped     i3 audio_end_ms=1400
  1510  s>c  response.created                      r2
  1520  s>c  response.output_item.added            r2 i4 c1 {"item":{"type":"function_call","name":"f","arguments":""}}
  1530  s>c  response.function_call_arguments.delta r2 i4 c1 {"delta":"{}"}
  1540  s>c  response.function_call_arguments.done r2 i4 c1 {"arguments":"{}"}
  1550  s>c  response.done                         r2 {"response":{"status":"completed"}}
  1560  c>s  conversation.item.create              c1 {"item":{"type":"function_call_output","output":"7"}}
  1570  s>c  response.created                      r3
`);

describe('folding', () => {
  it('gives the same rows however it is cut into takes, checkpoints and restarts', () => {
    const whole = foldScript(CALL_WITH_BARGE_IN);
    const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 6 }), take: fc.boolean(), restart: fc.boolean() }), {
      minLength: 22,
    });
    fc.assert(
      fc.property(cuts, (parts) => {
        expect(foldInParts(parts)).toEqual(whole);
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });

  it('hands out copies: a taken row does not change any more', () => {
    const state = foldLines(openScripted(), CALL_WITH_BARGE_IN.slice(0, 10));
    const taken = takeChanges(state);
    const before = structuredClone(taken);
    foldLines(state, CALL_WITH_BARGE_IN.slice(10));
    expect(taken).toEqual(before);
  });

  it('counts messages, losses and what could not be read', () => {
    const state = foldLines(openScripted(), CALL_WITH_BARGE_IN.slice(0, 3));
    const event = { seq: 4, at: null, direction: 'unknown' as const, byteLength: 7, audioBytes: 0 };
    foldEvent(state, { ...event, decoded: { ok: false, code: 'DS_PROTOCOL_NOT_JSON', detail: 'Not JSON' } });
    foldEvent(state, { ...event, seq: 5, decoded: decodeBody({ type: 'vendor.new_thing' }, 'realtime-ga') });
    foldLoss(state, { fromSeq: 6, toSeq: 9, at: null });
    foldWatermark(state, (SCRIPT_START + 5) as WallMicros);
    expect(takeChanges(state).session).toMatchObject({
      lastSeq: 9,
      counts: { events: 5, clientEvents: 1, serverEvents: 2, unreadable: 1, unknownTypes: 1, lost: 4 },
    });
  });

  it('counts as errors what the server reports as failed, of whatever', () => {
    const { session } = foldScript(
      script(`
        0  s>c  error                                                 {"error":{"message":"No"}}
        1  s>c  conversation.item.input_audio_transcription.failed    i1
        2  s>c  mcp_list_tools.failed                                 i2
        3  c>s  error`),
    );
    expect(session.counts.errors).toBe(3);
  });

  it('ends a session with what closed it', () => {
    const state = openScripted();
    closeSession(state, {
      at: SCRIPT_START,
      status: 'ended',
      end: {
        how: 'ended',
        by: 'server',
        code: 1001,
        reason: 'Your session hit the maximum duration',
        httpStatus: null,
        detail: null,
      },
    });
    expect(takeChanges(state).session).toMatchObject({
      status: 'ended',
      endedBy: 'server',
      closeCode: 1001,
      endedAt: SCRIPT_START,
    });
  });

  it('reads a source that does not tell the parties apart by the names of the events', () => {
    const { session } = foldScript(CALL_WITH_BARGE_IN.map((line) => ({ ...line, direction: 'unknown' as const })));
    expect(session).toMatchObject({
      configStatus: 'applied',
      counts: { clientEvents: 0, serverEvents: 0, toolCalls: 1, cancelled: 1 },
    });
  });

  it('unwraps the Responses events of the Live API', () => {
    const { responses } = foldScript(
      script(`
        0  s>c  session.started  {"session":{"id":"s","type":"live"}}
        1  s>c  response.event   {"delegation_id":"d","event":{"type":"response.created","sequence_number":0,"response":{"id":"resp_1"}}}
        2  s>c  response.event   {"delegation_id":"d","event":{"type":"response.completed","sequence_number":1,"response":{"id":"resp_1","status":"completed"}}}
        3  s>c  response.event   {"event":{"type":"response.event","event":{"type":"response.created","response":{"id":"resp_2"}}}}`),
      { path: '/v1/live/sessions' },
    );
    expect(responses).toMatchObject([{ id: 'resp_1', status: 'completed' }]);
  });
});

describe('hostile streams', () => {
  const types = [...new Set(allEntries().map((entry) => entry.type))];
  const odd = fc.oneof(
    fc.constantFrom<Json>(
      null,
      true,
      0,
      -1,
      1e308,
      Number.MAX_SAFE_INTEGER,
      '',
      '__proto__',
      'constructor',
      '\0',
      '\ud800',
      [],
      {},
    ),
    fc.constantFrom<Json>(
      'r1',
      'r2',
      'i1',
      'i2',
      'c1',
      'message',
      'function_call',
      'mcp_call',
      'cancelled',
      'user',
      'x'.repeat(400),
    ),
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  );
  const keys = [
    ...[
      'type',
      'response',
      'item',
      'session',
      'error',
      'usage',
      'id',
      'response_id',
      'item_id',
      'call_id',
      'delta',
      'text',
      'transcript',
    ],
    ...[
      'output',
      'content',
      'arguments',
      'status',
      'status_details',
      'reason',
      'audio',
      'format',
      'rate',
      'output_index',
      'content_index',
    ],
    ...[
      'input',
      'metadata',
      'modalities',
      'previous_item_id',
      'audio_start_ms',
      'audio_end_ms',
      'event',
      'sequence_number',
      'event_id',
      'param',
    ],
  ];
  const object = fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof({ weight: 3, arbitrary: odd }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...keys), odd) }),
  );
  const message = fc.record({
    type: fc.constantFrom(...types),
    body: object,
    direction: fc.constantFrom<Direction>('client_to_server', 'server_to_client', 'unknown'),
  });

  it('never make the fold throw, and all they leave can be printed and stored', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        const state = openScripted();
        for (const [index, { type, body, direction }] of messages.entries()) {
          const decoded = decodeBody({ ...body, type }, index % 2 === 0 ? 'unknown' : 'realtime-ga');
          foldEvent(state, { seq: index + 1, at: null, direction, byteLength: 10, audioBytes: 3, decoded });
        }
        const restored = restoreState(JSON.parse(JSON.stringify(serialiseState(state))));
        const views = takeChanges(state);
        const printed = JSON.stringify(views);
        expect(JSON.stringify(takeChanges(restored))).toBe(printed);
        expect(printed).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        for (const number of numbersIn(views)) expect(Number.isFinite(number)).toBe(true);
      }),
      { seed: 20261121, numRuns: 400 },
    );
  });

  it('cannot grow the state without bound', () => {
    const state = openScripted();
    const long = 'x'.repeat(50_000);
    for (let index = 0; index < 20_000; index += 1) {
      const body = HOSTILE[index % HOSTILE.length] as (id: string, text: string) => Record<string, Json>;
      const decoded = decodeBody(body(`id_${index}`, index % 50 === 0 ? long : 'x'), 'realtime-ga');
      foldEvent(state, { seq: index + 1, at: null, direction: 'unknown', byteLength: 10, audioBytes: 0, decoded });
      if (index % 500 === 0) takeChanges(state);
    }
    takeChanges(state);
    expect(JSON.stringify(serialiseState(state)).length).toBeLessThan(48 * 1024 * 1024);
    for (const table of [state.responses, state.items, state.toolCalls, state.turns])
      expect(table.live.size).toBeLessThanOrEqual(2000);
  });
});

/** Every number in the views, wherever it stands. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

const HOSTILE: readonly ((id: string, text: string) => Record<string, Json>)[] = [
  (id) => ({ type: 'response.created', response: { id } }),
  (id, text) => ({ type: 'response.output_text.delta', response_id: id, item_id: id, delta: text }),
  (id, text) => ({ type: 'response.function_call_arguments.delta', response_id: id, item_id: id, call_id: id, delta: text }),
  (id) => ({ type: 'input_audio_buffer.speech_started', item_id: id, audio_start_ms: 1 }),
  (id, text) => ({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: id, output: text } }),
  (id, text) => ({ type: 'session.update', event_id: id, session: { [id]: text } }),
  (id, text) => ({ type: 'session.updated', session: { [id]: text } }),
  (id) => ({ type: 'response.done', response: { id, status: 'cancelled', status_details: { reason: id } } }),
];

/** Folds the drawn call in parts, with or without taking rows and restarting from printed JSON between them. */
function foldInParts(parts: readonly { size: number; take: boolean; restart: boolean }[]): FoldedSession {
  let state = openScripted();
  let rows: Omit<FoldedSession, 'session'> = emptyFolded();
  let next = 0;
  for (const { size, take, restart } of parts) {
    foldLines(state, CALL_WITH_BARGE_IN.slice(next, next + size));
    next += size;
    if (take) rows = collect(rows, takeChanges(state));
    if (restart) state = restoreState(JSON.parse(JSON.stringify(serialiseState(state))));
  }
  foldLines(state, CALL_WITH_BARGE_IN.slice(next));
  return collect(rows, takeChanges(state));
}
