import { z } from 'zod';
import type { ItemView, ResponseView, ToolCallView, TurnView } from '#lib/session/view.ts';
import type { IsoTimes } from './iso-times.ts';
import { named } from './named-schemas.ts';
import { count, jsonValue, seq, text, time } from './schema-words.ts';
import { USAGE } from './session-schemas.ts';

/** What a session is made of, as the API sends it: responses, items, tool calls, turns. */

export const RESPONSE = named(
  'Response',
  z.strictObject({
    id: text,
    ordinal: count,
    firstSeq: seq,
    lastSeq: seq,
    status: text,
    reason: text.nullable(),
    errorCode: text.nullable(),
    errorMessage: text.nullable(),
    createdAt: time,
    firstOutputAt: time,
    firstAudioAt: time,
    doneAt: time,
    doneSeq: seq.nullable(),
    conversationId: text.nullable(),
    modalities: z.array(text),
    itemIds: z.array(text),
    usage: USAGE.nullable(),
    costUsd: z.number().nullable(),
    audioDeltas: count,
    audioMs: z.number(),
    answersItemId: text.nullable(),
    metadata: jsonValue,
  }) satisfies z.ZodType<IsoTimes<ResponseView>, unknown>,
);

export const ITEM = named(
  'Item',
  z.strictObject({
    id: text,
    ordinal: count,
    firstSeq: seq,
    lastSeq: seq,
    type: text,
    role: text.nullable(),
    status: text.nullable(),
    previousItemId: text.nullable(),
    responseId: text.nullable(),
    callId: text.nullable(),
    name: text.nullable(),
    text: text.nullable(),
    textFinal: z.boolean(),
    argumentsText: text.nullable(),
    output: text.nullable(),
    transcriptionStatus: z.enum(['none', 'partial', 'completed', 'failed']),
    errorMessage: text.nullable(),
    createdAt: time,
    doneAt: time,
    audioMs: z.number(),
    truncatedAtMs: z.number().nullable(),
    deleted: z.boolean(),
  }) satisfies z.ZodType<IsoTimes<ItemView>>,
);

export const TOOL_CALL = named(
  'ToolCall',
  z.strictObject({
    callId: text,
    ordinal: count,
    firstSeq: seq,
    lastSeq: seq,
    itemId: text.nullable(),
    responseId: text.nullable(),
    kind: z.enum(['function', 'mcp', 'custom', 'builtin']),
    name: text.nullable(),
    argumentsText: text,
    status: z.enum(['in_progress', 'called', 'answered', 'continued', 'failed', 'cancelled']),
    output: text.nullable(),
    calledAt: time,
    calledSeq: seq.nullable(),
    outputAt: time,
    outputSeq: seq.nullable(),
    followUpResponseId: text.nullable(),
  }) satisfies z.ZodType<IsoTimes<ToolCallView>>,
);

export const TURN = named(
  'Turn',
  z.strictObject({
    ordinal: count,
    firstSeq: seq,
    lastSeq: seq,
    itemId: text.nullable(),
    kind: z.enum(['speech', 'text', 'tool', 'client']),
    speechStartedAt: time,
    speechStoppedAt: time,
    audioStartMs: z.number().nullable(),
    audioEndMs: z.number().nullable(),
    committedAt: time,
    responseId: text.nullable(),
    firstAudioAt: time,
    voiceToVoiceMs: z.number().nullable(),
    interruptedResponseId: text.nullable(),
  }) satisfies z.ZodType<IsoTimes<TurnView>>,
);
