import { z } from 'zod';
import type { Json } from '#lib/base/json.ts';
import type { RuleText } from '#lib/rules/rule.ts';
import type { EventColumns } from '#lib/session/event-columns.ts';
import type {
  AnomalyGroup,
  AnomalyView,
  EventRow,
  ItemView,
  ResponseView,
  SessionView,
  ToolCallView,
  TurnView,
} from '#lib/session/view.ts';
import type { LossRow } from '#lib/store/read-losses.ts';
import type { IsoTimes } from './iso-times.ts';
import { named } from './named-schemas.ts';

/** The rows that the API sends, as zod schemas: the OpenAPI document is made of them, and `lib/session/view.ts` must agree (types). */

const text = z.string();
const count = z.int();
const time = z.iso.datetime({ precision: 6 }).nullable().describe('ISO 8601 in UTC to the microsecond; null where unknown.');
const seq = z.int().min(0).describe('Place in the session: 1, 2, 3 … as received; a hole is a loss.');
const texts = z.record(text, text);
const jsonValue = named('JsonValue', z.unknown() as z.ZodType<Json>);
const json = z.record(text, jsonValue).nullable();

export const USAGE = named(
  'Usage',
  z.strictObject({
    ...{ inputTokens: z.number(), outputTokens: z.number(), totalTokens: z.number() },
    ...{ inputTextTokens: z.number(), inputAudioTokens: z.number(), inputImageTokens: z.number() },
    ...{ cachedTokens: z.number(), cachedTextTokens: z.number(), cachedAudioTokens: z.number(), cachedImageTokens: z.number() },
    ...{ outputTextTokens: z.number(), outputAudioTokens: z.number(), reasoningTokens: z.number() },
    seconds: z.number().describe('Seconds billed by time.'),
    transcriptionTokens: z.number().describe('Tokens billed for input transcription, on top of the responses.'),
  }),
);

const COUNTS = named(
  'SessionCounts',
  z.strictObject({
    ...{ events: count, clientEvents: count, serverEvents: count, bytes: count, audioBytes: count },
    ...{ unreadable: count, unknownTypes: count },
    lost: count.describe('Messages relayed but not recorded.'),
    ...{ errors: count, responses: count, completed: count, cancelled: count, failed: count, incomplete: count },
    cancelledByReason: z.record(text, count),
    ...{ items: count, toolCalls: count, turns: count },
  }),
);

const ANOMALY_COUNTS = named(
  'AnomalyCounts',
  z.strictObject({ critical: count, high: count, medium: count, low: count, info: count }),
);

export const SESSION = named(
  'Session',
  z.strictObject({
    id: z.uuid(),
    status: z.enum(['open', 'ended', 'lost', 'refused', 'failed']).describe('`lost`: its capture died without closing it.'),
    ...{ startedAt: time, lastEventAt: time, endedAt: time, lastSeq: seq },
    clock: z.enum(['wall', 'relative', 'none']).describe('`relative`: times count from an unknown start, shown from 1970 on.'),
    endedBy: z.enum(['client', 'server', 'tap']).nullable(),
    ...{ closeCode: count.nullable(), closeReason: text.nullable(), httpStatus: count.nullable(), endDetail: text.nullable() },
    ...{ captureMode: text, transport: text, upstream: text.nullable(), provider: text, dialect: text },
    ...{ path: text.nullable(), query: texts, requestHeaders: texts },
    ...{ model: text.nullable(), apiVersion: text.nullable(), deployment: text.nullable(), region: text.nullable() },
    providerSessionId: text.nullable().describe('The provider’s `sess_…`.'),
    providerCallId: text.nullable().describe('The provider’s `rtc_…` of a WebRTC or SIP call.'),
    ...{ tags: texts, sourceFile: text.nullable(), sourceSha256: text.nullable() },
    configStatus: z.enum(['none', 'pending', 'applied', 'partly', 'rejected']),
    ...{ requestedConfig: json, effectiveConfig: json, counts: COUNTS },
    anomalies: ANOMALY_COUNTS,
    usage: USAGE,
    costUsd: z.number().nullable().describe('US dollars; null where the model’s price is not known.'),
    costEstimated: z.boolean(),
    voiceToVoiceP50Ms: z.number().nullable(),
    voiceToVoiceP95Ms: z.number().nullable(),
  }) satisfies z.ZodType<IsoTimes<SessionView>, unknown>,
);

export const LOSS = named(
  'Loss',
  z.strictObject({
    ...{ cause: text, fromSeq: seq.nullable(), toSeq: seq.nullable(), messages: count.nullable(), bytes: z.number().nullable() },
    ...{ detail: text, noticedAt: z.iso.datetime({ precision: 6 }) },
  }) satisfies z.ZodType<IsoTimes<LossRow>>,
);

const direction = z.enum(['client_to_server', 'server_to_client', 'unknown']);
const format = z.enum(['json', 'text', 'binary']);
const flags = z.array(z.enum(['masked', 'audio_dropped', 'unknown_type', 'sanitised', 'invalid_utf8', 'quarantined']));

export const EVENT = named(
  'Event',
  z.strictObject({
    ...{ seq, at: time, direction },
    type: text.describe('As it stood on the wire; empty for a message that could not be read.'),
    canonicalType: text.describe('The GA name of the type.'),
    ...{ eventId: text.nullable(), responseId: text.nullable(), itemId: text.nullable(), callId: text.nullable() },
    byteLength: count.describe('Length on the wire.'),
    audioBytes: count.describe('Decoded audio bytes inside.'),
    format,
    problem: text.nullable().describe('Why it could not be read as an event (an error code), else null.'),
    ...{ flags, note: text.nullable() },
  }) satisfies z.ZodType<IsoTimes<EventRow>>,
);

const numbers = z.array(count);
export const COLUMNS = named(
  'EventColumns',
  z.strictObject({
    ...{ sessionId: z.uuid(), count, lastSeq: seq },
    firstAt: count.nullable().describe('Microseconds since 1970 from which `at` counts.'),
    seqRuns: numbers.describe('Runs of consecutive `seq`s as pairs: first, length.'),
    at: z.array(count.nullable()).describe('Microseconds since `firstAt`.'),
    kinds: z.array(z.strictObject({ type: text, canonicalType: text, format, problem: text.nullable(), flags })),
    kind: numbers.describe('Index into `kinds`.'),
    direction: numbers.describe('0 unknown, 1 client to server, 2 server to client.'),
    ...{ byteLength: numbers, audioBytes: numbers },
    ids: z.array(text).describe('Dictionary of the three columns after it; index 0 stands for none.'),
    ...{ responseId: numbers, itemId: numbers, callId: numbers },
  }) satisfies z.ZodType<Record<keyof EventColumns, unknown>>,
);

export const RESPONSE = named(
  'Response',
  z.strictObject({
    ...{ id: text, ordinal: count, firstSeq: seq, lastSeq: seq, status: text, reason: text.nullable() },
    ...{ errorCode: text.nullable(), errorMessage: text.nullable() },
    ...{ createdAt: time, firstOutputAt: time, firstAudioAt: time, doneAt: time, doneSeq: seq.nullable() },
    ...{ conversationId: text.nullable(), modalities: z.array(text), itemIds: z.array(text), usage: USAGE.nullable() },
    ...{
      costUsd: z.number().nullable(),
      audioDeltas: count,
      audioMs: z.number(),
      answersItemId: text.nullable(),
      metadata: jsonValue,
    },
  }) satisfies z.ZodType<IsoTimes<ResponseView>, unknown>,
);

export const ITEM = named(
  'Item',
  z.strictObject({
    ...{ id: text, ordinal: count, firstSeq: seq, lastSeq: seq, type: text, role: text.nullable(), status: text.nullable() },
    ...{ previousItemId: text.nullable(), responseId: text.nullable(), callId: text.nullable(), name: text.nullable() },
    ...{ text: text.nullable(), textFinal: z.boolean(), argumentsText: text.nullable(), output: text.nullable() },
    transcriptionStatus: z.enum(['none', 'partial', 'completed', 'failed']),
    ...{
      errorMessage: text.nullable(),
      createdAt: time,
      doneAt: time,
      audioMs: z.number(),
      truncatedAtMs: z.number().nullable(),
    },
    deleted: z.boolean(),
  }) satisfies z.ZodType<IsoTimes<ItemView>>,
);

export const TOOL_CALL = named(
  'ToolCall',
  z.strictObject({
    ...{ callId: text, ordinal: count, firstSeq: seq, lastSeq: seq, itemId: text.nullable(), responseId: text.nullable() },
    ...{ kind: z.enum(['function', 'mcp', 'custom', 'builtin']), name: text.nullable(), argumentsText: text },
    status: z.enum(['in_progress', 'called', 'answered', 'continued', 'failed', 'cancelled']),
    ...{ output: text.nullable(), calledAt: time, calledSeq: seq.nullable(), outputAt: time, outputSeq: seq.nullable() },
    followUpResponseId: text.nullable(),
  }) satisfies z.ZodType<IsoTimes<ToolCallView>>,
);

export const TURN = named(
  'Turn',
  z.strictObject({
    ...{
      ordinal: count,
      firstSeq: seq,
      lastSeq: seq,
      itemId: text.nullable(),
      kind: z.enum(['speech', 'text', 'tool', 'client']),
    },
    ...{ speechStartedAt: time, speechStoppedAt: time, audioStartMs: z.number().nullable(), audioEndMs: z.number().nullable() },
    ...{ committedAt: time, responseId: text.nullable(), firstAudioAt: time, voiceToVoiceMs: z.number().nullable() },
    interruptedResponseId: text.nullable(),
  }) satisfies z.ZodType<IsoTimes<TurnView>>,
);

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export const anomalyState = z.enum(['open', 'acknowledged', 'resolved', 'muted']);

const values = z.record(text, z.unknown()) as z.ZodType<Readonly<Record<string, Json>>>;

export const ANOMALY = named(
  'Anomaly',
  z.strictObject({
    ...{ sessionId: z.uuid(), id: text, ruleId: text, ruleVersion: count, severity },
    variant: text.describe('Which of the rule’s texts describes it.'),
    fingerprint: text.describe('The same for the same finding in other sessions of that provider, API version and model.'),
    ...{ at: time, fromSeq: seq, toSeq: seq, lastSeq: seq },
    evidence: z.array(seq).describe('Messages that prove it, in order.'),
    values: values.describe('What the texts name.'),
    state: anomalyState,
    mutedUntil: time.describe('`muted` holds until then; null for good.'),
    ...{ stateChangedAt: time, foundAt: z.iso.datetime({ precision: 6 }) },
    ...{ title: text, why: text, fix: text },
  }) satisfies z.ZodType<IsoTimes<AnomalyView> & RuleText, unknown>,
);

export const ANOMALY_GROUP = named(
  'AnomalyGroup',
  z.strictObject({
    ...{ fingerprint: text, ruleId: text, variant: text, severity, provider: text },
    ...{ apiVersion: text.nullable(), model: text.nullable(), anomalies: count, sessions: count },
    open: count.describe('How many of them nobody has acknowledged, resolved or muted, themselves or as a kind.'),
    state: anomalyState.describe('How the newest of them stands.'),
    ...{ firstFoundAt: z.iso.datetime({ precision: 6 }), lastFoundAt: z.iso.datetime({ precision: 6 }) },
    example: ANOMALY,
  }) satisfies z.ZodType<
    Omit<IsoTimes<AnomalyGroup>, 'example'> & { readonly example: IsoTimes<AnomalyView> & RuleText },
    unknown
  >,
);
