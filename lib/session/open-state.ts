import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import { initialDialect } from '#lib/protocol/sniff-dialect.ts';
import { EMPTY_USAGE } from '#lib/protocol/usage.ts';
import { PCM_24K_BYTES_PER_MS, pcmInputOf } from './audio-format.ts';
import type { SessionState } from './state.ts';
import { openTable } from './table.ts';

/** Nothing counted: the start of a session. */
export const NO_COUNTS: SessionState['counts'] = {
  events: 0,
  clientEvents: 0,
  serverEvents: 0,
  bytes: 0,
  audioBytes: 0,
  unreadable: 0,
  unknownTypes: 0,
  lost: 0,
  errors: 0,
  responses: 0,
  completed: 0,
  cancelled: 0,
  failed: 0,
  incomplete: 0,
  items: 0,
  toolCalls: 0,
  turns: 0,
};

/** The state of a capture that has recorded nothing yet. */
export function emptyState(id: SessionId, at: WallMicros | null, capture: CaptureMeta): SessionState {
  const dialect = initialDialect(capture);
  return {
    row: emptyRow(id, at, capture),
    counts: { ...NO_COUNTS },
    cancelledByReason: new Map(),
    dialect,
    responses: openTable(),
    items: openTable(),
    toolCalls: openTable(),
    turns: openTable(),
    currentResponse: null,
    turnOfItem: new Map(),
    callOfItem: new Map(),
    answeredCalls: [],
    transcripts: { user: null, assistant: null },
    config: { pending: [], settled: null, applied: 0, rejected: 0, refusedBy: null },
    input: { bytes: 0, bytesPerMs: pcmInputOf(dialect.provider) },
    outputBytesPerMs: PCM_24K_BYTES_PER_MS,
    voiceToVoice: [],
    billedSeconds: 0,
    watermarkAt: null,
  };
}

function emptyRow(id: SessionId, at: WallMicros | null, capture: CaptureMeta): SessionState['row'] {
  return {
    id,
    status: 'open',
    startedAt: at,
    lastEventAt: null,
    endedAt: null,
    lastSeq: 0,
    clock: capture.clock,
    endedBy: null,
    closeCode: null,
    closeReason: null,
    httpStatus: null,
    endDetail: null,
    captureMode: capture.mode,
    transport: capture.transport,
    upstream: capture.upstream,
    path: capture.path,
    query: capture.query,
    requestHeaders: capture.requestHeaders,
    ...namedByUrl(capture),
    providerSessionId: null,
    tags: capture.tags,
    sourceFile: capture.source?.file ?? null,
    sourceSha256: capture.source?.sha256 ?? null,
    configStatus: 'none',
    requestedConfig: null,
    effectiveConfig: null,
    anomalies: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    usage: EMPTY_USAGE,
    costUsd: null,
    costEstimated: false,
    voiceToVoiceP50Ms: null,
    voiceToVoiceP95Ms: null,
  };
}

/** What the connection itself names, before any message does. */
function namedByUrl({ query, responseHeaders, path }: CaptureMeta): {
  model: string | null;
  apiVersion: string | null;
  deployment: string | null;
  region: string | null;
  providerCallId: string | null;
} {
  return {
    model: query['model'] ?? null,
    apiVersion: query['api-version'] ?? null,
    deployment: query['deployment'] ?? (path?.includes('/openai/v1/') === true ? (query['model'] ?? null) : null),
    region: responseHeaders['x-ms-region'] ?? null,
    providerCallId: query['call_id'] ?? null,
  };
}
