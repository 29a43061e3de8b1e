import { describe, expect, it } from 'vitest';
import { foldScript, SCRIPT_START } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';

const CALL = '{"item":{"type":"function_call","name":"get_weather","status":"in_progress","arguments":""}}';
const ROUND = `
  0   s>c  response.created                        r1
  10  s>c  response.output_item.added              r1 i1 c1 ${CALL}
  20  s>c  response.function_call_arguments.delta  r1 i1 c1 {"delta":"{\\"city\\":"}
  30  s>c  response.function_call_arguments.delta  r1 i1 c1 {"delta":"\\"Oslo\\"}"}
  40  s>c  response.function_call_arguments.done   r1 i1 c1 {"arguments":"{\\"city\\":\\"Oslo\\"}","name":"get_weather"}
  50  s>c  response.output_item.done               r1 i1 c1 {"item":{"type":"function_call","name":"get_weather","status":"completed","arguments":"{\\"city\\":\\"Oslo\\"}"}}
  60  s>c  response.done                           r1 {"response":{"status":"completed"}}
  70  c>s  conversation.item.create                c1 {"item":{"type":"function_call_output","output":"{\\"celsius\\":4}"}}
  80  s>c  conversation.item.added                 i2 c1 {"item":{"type":"function_call_output","output":"{\\"celsius\\":4}"}}
  90  c>s  response.create
  99  s>c  response.created                        r2`;

describe('tool calls', () => {
  it.each([
    [2, 'in_progress'],
    [5, 'called'],
    [8, 'answered'],
    [11, 'continued'],
  ])('after %i messages of a round are %s', (messages, status) => {
    expect(foldScript(script(ROUND).slice(0, messages)).toolCalls).toMatchObject([{ status }]);
  });

  it('keep arguments, output and what followed', () => {
    const { toolCalls, session } = foldScript(script(ROUND));
    expect(toolCalls).toEqual([
      {
        callId: 'call_c1',
        ordinal: 1,
        firstSeq: 2,
        lastSeq: 11,
        itemId: 'item_i1',
        responseId: 'resp_r1',
        kind: 'function',
        name: 'get_weather',
        argumentsText: '{"city":"Oslo"}',
        status: 'continued',
        output: '{"celsius":4}',
        calledAt: SCRIPT_START + 40_000,
        calledSeq: 5,
        outputAt: SCRIPT_START + 70_000,
        outputSeq: 8,
        followUpResponseId: 'resp_r2',
      },
    ]);
    expect(session.counts.toolCalls).toBe(1);
  });

  it('need no argument deltas (Azure preview sends none)', () => {
    const { toolCalls } = foldScript(
      script(ROUND).filter((line) => line.event['type'] !== 'response.function_call_arguments.delta'),
    );
    expect(toolCalls).toMatchObject([{ argumentsText: '{"city":"Oslo"}', status: 'continued' }]);
  });

  it('are answered by the echo where the client is not seen', () => {
    const { toolCalls } = foldScript(script(ROUND).filter((line) => line.direction === 'server_to_client'));
    expect(toolCalls).toMatchObject([{ status: 'continued', outputSeq: 8, output: '{"celsius":4}' }]);
  });

  it('whose response is cut before their arguments are whole are cancelled', () => {
    const cut = script(`
      0   s>c  response.created                        r1
      10  s>c  response.output_item.added              r1 i1 c1 ${CALL}
      20  s>c  response.function_call_arguments.delta  r1 i1 c1 {"delta":"{\\"ci"}
      30  s>c  response.done                           r1 {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"}}}`);
    expect(foldScript(cut).toolCalls).toMatchObject([{ status: 'cancelled', argumentsText: '{"ci', calledAt: null }]);
  });

  it('whose item stays incomplete are cancelled, also where a closing event brought what there was of the arguments', () => {
    const cut = script(`
      0   s>c  response.created                        r1
      10  s>c  response.output_item.added              r1 i1 c1 ${CALL}
      20  s>c  response.function_call_arguments.done   r1 i1 c1 {"arguments":"{\\"ci"}
      30  s>c  response.output_item.done               r1 i1 c1 {"item":{"type":"function_call","status":"incomplete","arguments":"{\\"ci"}}
      40  s>c  response.done                           r1 {"response":{"status":"incomplete","status_details":{"reason":"max_output_tokens"}}}`);
    expect(foldScript(cut).toolCalls).toMatchObject([{ status: 'cancelled', argumentsText: '{"ci' }]);
  });

  it('are not continued by a response outside the conversation', () => {
    const { toolCalls } = foldScript([
      ...script(ROUND).slice(0, 9),
      ...script('95 s>c response.created r9 {"response":{"conversation_id":null}}'),
    ]);
    expect(toolCalls).toMatchObject([{ status: 'answered', followUpResponseId: null }]);
  });

  it('that the client replays as history are known with name and arguments', () => {
    const { toolCalls } = foldScript(
      script(`
        0  s>c  conversation.item.added  i1 c1 {"item":{"type":"function_call","name":"f","arguments":"{}","status":"completed"}}
        1  s>c  conversation.item.done   i1 c1 {"item":{"type":"function_call","name":"f","arguments":"{}","status":"completed"}}
        2  s>c  conversation.item.added  i2 c1 {"item":{"type":"function_call_output","output":"7"}}`),
    );
    expect(toolCalls).toMatchObject([
      { callId: 'call_c1', name: 'f', argumentsText: '{}', status: 'answered', output: '7', responseId: null },
    ]);
  });

  it('of MCP end on the server, well or badly', () => {
    const { toolCalls } = foldScript(
      script(`
        0   s>c  response.created                   r1
        10  s>c  response.output_item.added         r1 i1 {"item":{"type":"mcp_call","name":"search","server_label":"docs","arguments":""}}
        20  s>c  response.mcp_call_arguments.done   r1 i1 {"arguments":"{}"}
        30  s>c  response.mcp_call.in_progress      i1 output_index=0
        40  s>c  response.mcp_call.completed        i1 output_index=0
        50  s>c  response.output_item.done          r1 i1 {"item":{"type":"mcp_call","name":"search","arguments":"{}","output":"found"}}
        60  s>c  response.output_item.added         r1 i2 {"item":{"type":"mcp_call","name":"search","arguments":""}}
        70  s>c  response.mcp_call.failed           i2 output_index=1`),
    );
    expect(toolCalls.map((call) => [call.callId, call.kind, call.status, call.output])).toEqual([
      ['item_i1', 'mcp', 'answered', 'found'],
      ['item_i2', 'mcp', 'failed', null],
    ]);
  });

  it('that the provider makes itself end with a response that is cut off, a function is still to be run', () => {
    const { toolCalls } = foldScript(
      script(`
        0   s>c  response.created                   r1
        10  s>c  response.output_item.added         r1 i1 output_index=0 {"item":{"type":"mcp_call","name":"search","arguments":""}}
        20  s>c  response.mcp_call_arguments.done   r1 i1 output_index=0 {"arguments":"{}"}
        30  s>c  response.output_item.done          r1 i2 c2 output_index=1 {"item":{"type":"function_call","name":"f","arguments":"{}","status":"completed"}}
        40  s>c  response.done                      r1 {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"}}}`),
    );
    expect(toolCalls.map((call) => [call.kind, call.status])).toEqual([
      ['mcp', 'cancelled'],
      ['function', 'called'],
    ]);
  });

  it('that the client runs outlive a response that is cut off, whatever their kind', () => {
    const shell =
      '{"item":{"id":"sh_1","type":"shell_call","call_id":"call_1","status":"completed","action":{"commands":["ls"]}}}';
    const cut = `
      0   s>c  response.created           r1 sequence_number=0
      10  s>c  response.output_item.done  sequence_number=1 output_index=0 ${shell}`;
    const gone = `
      30  c>s  response.create            {"input":[{"type":"shell_call_output","call_id":"call_1","output":[]}]}
      40  s>c  response.created           r2 sequence_number=0`;
    const after = (end: string) =>
      foldScript(script(`${cut}\n20 s>c ${end} r1 sequence_number=2${gone}`), { path: '/v1/responses' });
    for (const end of ['response.incomplete', 'response.failed']) {
      expect(after(end).toolCalls).toMatchObject([{ callId: 'call_1', status: 'continued', followUpResponseId: 'resp_r2' }]);
    }
  });

  it('of a Responses stream take their call id from the item, and may be custom or built in', () => {
    const { toolCalls } = foldScript(
      script(`
        0  s>c  response.created                         r1 sequence_number=0
        1  s>c  response.output_item.added               sequence_number=1 output_index=0 {"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"f","arguments":""}}
        2  s>c  response.function_call_arguments.delta   sequence_number=2 item_id=fc_1 output_index=0 {"delta":"{}"}
        3  s>c  response.function_call_arguments.done    sequence_number=3 item_id=fc_1 output_index=0 {"arguments":"{}"}
        4  s>c  response.output_item.added               sequence_number=4 output_index=1 {"item":{"id":"ct_1","type":"custom_tool_call","call_id":"call_2","name":"g","input":""}}
        5  s>c  response.custom_tool_call_input.delta    sequence_number=5 item_id=ct_1 output_index=1 delta=x
        6  s>c  response.custom_tool_call_input.done     sequence_number=6 item_id=ct_1 output_index=1 input=xy
        7  s>c  response.output_item.added               sequence_number=7 output_index=2 {"item":{"id":"ws_1","type":"web_search_call","status":"in_progress"}}
        8  s>c  response.web_search_call.completed       sequence_number=8 item_id=ws_1 output_index=2
        9  s>c  response.output_item.done                sequence_number=9 output_index=2 {"item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"tea"}}}`),
      { path: '/v1/responses' },
    );
    expect(toolCalls.map((call) => [call.callId, call.kind, call.name, call.status, call.argumentsText])).toEqual([
      ['call_1', 'function', 'f', 'called', '{}'],
      ['call_2', 'custom', 'g', 'called', 'xy'],
      ['ws_1', 'builtin', 'web_search_call', 'answered', '{"type":"search","query":"tea"}'],
    ]);
  });
});
