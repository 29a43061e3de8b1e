import { z } from 'zod';
import type { SessionView } from '#lib/session/view.ts';
import type { LossRow } from '#lib/store/read-losses.ts';
import type { IsoTimes } from './iso-times.ts';
import { named } from './named-schemas.ts';
import { count, json, moment, seq, text, texts, time } from './schema-words.ts';

/** Sessions as the API sends them; `lib/session/view.ts` must agree (types). */

export const USAGE = named(
  'Usage',
  z.strictObject({
    inputTokens: z.number(),
    outputTokens: z.number(),
    totalTokens: z.number(),
    inputTextTokens: z.number(),
    inputAudioTokens: z.number(),
    inputImageTokens: z.number(),
    cachedTokens: z.number(),
    cachedTextTokens: z.number(),
    cachedAudioTokens: z.number(),
    cachedImageTokens: z.number(),
    outputTextTokens: z.number(),
    outputAudioTokens: z.number(),
    reasoningTokens: z.number(),
    seconds: z.number().describe('Seconds billed by time.'),
    transcriptionTokens: z.number().describe('Tokens billed for input transcription, on top of the responses.'),
  }),
);

const COUNTS = named(
  'SessionCounts',
  z.strictObject({
    events: count,
    clientEvents: count,
    serverEvents: count,
    bytes: count,
    audioBytes: count,
    unreadable: count,
    unknownTypes: count,
    lost: count.describe('Messages relayed but not recorded.'),
    errors: count,
    responses: count,
    completed: count,
    cancelled: count,
    failed: count,
    incomplete: count,
    cancelledByReason: z.record(text, count),
    items: count,
    toolCalls: count,
    turns: count,
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
    startedAt: time,
    lastEventAt: time,
    endedAt: time,
    lastSeq: seq,
    clock: z.enum(['wall', 'relative', 'none']).describe('`relative`: times count from an unknown start, shown from 1970 on.'),
    endedBy: z.enum(['client', 'server', 'tap']).nullable(),
    closeCode: count.nullable(),
    closeReason: text.nullable(),
    httpStatus: count.nullable(),
    endDetail: text.nullable(),
    captureMode: text,
    transport: text,
    upstream: text.nullable(),
    provider: text,
    dialect: text,
    path: text.nullable(),
    query: texts,
    requestHeaders: texts,
    model: text.nullable(),
    apiVersion: text.nullable(),
    deployment: text.nullable(),
    region: text.nullable(),
    providerSessionId: text.nullable().describe('The provider’s `sess_…`.'),
    providerCallId: text.nullable().describe('The provider’s `rtc_…` of a WebRTC or SIP call.'),
    tags: texts,
    sourceFile: text.nullable(),
    sourceSha256: text.nullable(),
    configStatus: z.enum(['none', 'pending', 'applied', 'partly', 'rejected']),
    requestedConfig: json,
    effectiveConfig: json,
    counts: COUNTS,
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
    cause: text,
    fromSeq: seq.nullable(),
    toSeq: seq.nullable(),
    messages: count.nullable(),
    bytes: z.number().nullable(),
    detail: text,
    noticedAt: moment,
  }) satisfies z.ZodType<IsoTimes<LossRow>>,
);
