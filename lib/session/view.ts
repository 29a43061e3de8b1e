import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { Json, JsonObject } from '#lib/base/json.ts';
import type { UsageTotals } from '#lib/protocol/usage.ts';

/**
 * What a person wants to see of a session: the rows that the reducers make, the store keeps and the pages show.
 * One home for these shapes; `prisma/schema.prisma` and its newest migration must change with them.
 * Times are wall microseconds, or null where the source knew none; order is always `seq`.
 */

/** One message in the list: everything but its body. */
export interface EventRow {
  readonly seq: number;
  readonly at: WallMicros | null;
  readonly direction: Direction;
  /** The type as it stood on the wire; empty for a message that could not be read. */
  readonly type: string;
  /** The GA name of that type; equal to `type` where there is no other. */
  readonly canonicalType: string;
  readonly eventId: string | null;
  readonly responseId: string | null;
  readonly itemId: string | null;
  readonly callId: string | null;
  /** Length of the message on the wire. */
  readonly byteLength: number;
  /** Decoded audio bytes inside it. */
  readonly audioBytes: number;
  readonly format: 'json' | 'text' | 'binary';
  /** Why the message could not be read as an event (an error code), else null. */
  readonly problem: string | null;
  /** What to know about how it was recorded. */
  readonly flags: readonly EventFlag[];
  /** At most 160 characters to show beside the type: a delta's text, an error's message, a status with tokens. */
  readonly note: string | null;
}

export type EventFlag = 'masked' | 'audio_dropped' | 'unknown_type' | 'sanitised' | 'invalid_utf8' | 'quarantined';

/** How a session stands. `lost`: its capture died without closing it. */
export type SessionStatus = 'open' | 'ended' | 'lost' | 'refused' | 'failed';

/** What became of the client's configuration. */
export type ConfigStatus = 'none' | 'pending' | 'applied' | 'partly' | 'rejected';

export interface SessionCounts {
  readonly events: number;
  readonly clientEvents: number;
  readonly serverEvents: number;
  readonly bytes: number;
  readonly audioBytes: number;
  readonly unreadable: number;
  readonly unknownTypes: number;
  /** Messages relayed but not recorded: holes in `seq`. */
  readonly lost: number;
  /** Messages of the server that report a failure: `error` and all whose type ends in `.failed`. */
  readonly errors: number;
  readonly responses: number;
  readonly completed: number;
  readonly cancelled: number;
  readonly failed: number;
  readonly incomplete: number;
  /** Cancelled responses by reason, e.g. `{ "turn_detected": 2 }`. */
  readonly cancelledByReason: Readonly<Record<string, number>>;
  readonly items: number;
  readonly toolCalls: number;
  readonly turns: number;
}

/** How much an anomaly matters, worst first. The order is `SEVERITIES` of lib/rules. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** Anomalies of a session by severity, as the rules found them, whatever a person made of them since. */
export type AnomalyCounts = Readonly<Record<Severity, number>>;

/** One capture of one conversation. */
export interface SessionView {
  readonly id: SessionId;
  readonly status: SessionStatus;
  readonly startedAt: WallMicros | null;
  readonly lastEventAt: WallMicros | null;
  readonly endedAt: WallMicros | null;
  /** Highest `seq` recorded; 0 before the first message. */
  readonly lastSeq: number;
  readonly clock: 'wall' | 'relative' | 'none';
  readonly endedBy: 'client' | 'server' | 'tap' | null;
  readonly closeCode: number | null;
  readonly closeReason: string | null;
  readonly httpStatus: number | null;
  readonly endDetail: string | null;
  readonly captureMode: string;
  readonly transport: string;
  readonly upstream: string | null;
  /** Who answered, e.g. `openai`, `azure-openai`, `azure-voice-live`, `xai`; from the upstream and from the stream itself. */
  readonly provider: string;
  /** See `lib/protocol/dialect.ts`. */
  readonly dialect: string;
  readonly path: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly model: string | null;
  readonly apiVersion: string | null;
  readonly deployment: string | null;
  readonly region: string | null;
  /** The provider's `sess_…`. */
  readonly providerSessionId: string | null;
  /** The provider's `rtc_…` of a WebRTC or SIP call. */
  readonly providerCallId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly sourceFile: string | null;
  readonly sourceSha256: string | null;
  readonly configStatus: ConfigStatus;
  /** All the client asked for, later updates over earlier ones, in its own dialect's shape. */
  readonly requestedConfig: JsonObject | null;
  /** The session object of the last `session.created` / `session.updated`. */
  readonly effectiveConfig: JsonObject | null;
  readonly counts: SessionCounts;
  readonly anomalies: AnomalyCounts;
  readonly usage: UsageTotals;
  /** US dollars; null where the model's price is not known. */
  readonly costUsd: number | null;
  readonly costEstimated: boolean;
  /** Speech stop → first audio, over the turns that have both. */
  readonly voiceToVoiceP50Ms: number | null;
  readonly voiceToVoiceP95Ms: number | null;
}

/** One response, from `response.created` to its terminal event. */
export interface ResponseView {
  readonly id: string;
  /** 1, 2, 3 … in order of first sight. */
  readonly ordinal: number;
  readonly firstSeq: number;
  /** `seq` of the last message that changed this row; live pages read rows after it. */
  readonly lastSeq: number;
  readonly status: string;
  /** e.g. `turn_detected`, `max_output_tokens`. */
  readonly reason: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: WallMicros | null;
  readonly firstOutputAt: WallMicros | null;
  readonly firstAudioAt: WallMicros | null;
  readonly doneAt: WallMicros | null;
  readonly doneSeq: number | null;
  readonly conversationId: string | null;
  readonly modalities: readonly string[];
  readonly itemIds: readonly string[];
  /** Null until the provider reports it. */
  readonly usage: UsageTotals | null;
  readonly costUsd: number | null;
  readonly audioDeltas: number;
  readonly audioMs: number;
  /** Item id of the user speech that this response answers, where known. */
  readonly answersItemId: string | null;
  readonly metadata: Json;
}

/** One conversation or output item. */
export interface ItemView {
  readonly id: string;
  readonly ordinal: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly type: string;
  readonly role: string | null;
  readonly status: string | null;
  readonly previousItemId: string | null;
  readonly responseId: string | null;
  readonly callId: string | null;
  readonly name: string | null;
  /** Text or transcript, growing by deltas, final with `done`. */
  readonly text: string | null;
  readonly textFinal: boolean;
  /** Arguments of a call, growing by deltas. */
  readonly argumentsText: string | null;
  readonly output: string | null;
  readonly transcriptionStatus: 'none' | 'partial' | 'completed' | 'failed';
  readonly errorMessage: string | null;
  readonly createdAt: WallMicros | null;
  readonly doneAt: WallMicros | null;
  readonly audioMs: number;
  /** Where the client cut the audio (`conversation.item.truncate`), in ms of its audio. */
  readonly truncatedAtMs: number | null;
  readonly deleted: boolean;
}

/** One function, MCP or custom tool call, with its output and what followed. */
export interface ToolCallView {
  readonly callId: string;
  readonly ordinal: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly itemId: string | null;
  readonly responseId: string | null;
  readonly kind: 'function' | 'mcp' | 'custom' | 'builtin';
  readonly name: string | null;
  readonly argumentsText: string;
  readonly status: 'in_progress' | 'called' | 'answered' | 'continued' | 'failed' | 'cancelled';
  readonly output: string | null;
  readonly calledAt: WallMicros | null;
  readonly calledSeq: number | null;
  readonly outputAt: WallMicros | null;
  readonly outputSeq: number | null;
  /** Response that the client asked for after the output. */
  readonly followUpResponseId: string | null;
}

/** One turn: something the user said or wrote, and what answered it. */
export interface TurnView {
  readonly ordinal: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly itemId: string | null;
  readonly kind: 'speech' | 'text' | 'tool' | 'client';
  readonly speechStartedAt: WallMicros | null;
  readonly speechStoppedAt: WallMicros | null;
  readonly audioStartMs: number | null;
  readonly audioEndMs: number | null;
  readonly committedAt: WallMicros | null;
  readonly responseId: string | null;
  readonly firstAudioAt: WallMicros | null;
  readonly voiceToVoiceMs: number | null;
  /** Response that this turn's speech cancelled (`turn_detected`). */
  readonly interruptedResponseId: string | null;
}

/** What a person made of an anomaly. `muted` holds until `mutedUntil`, or for good where that is null. */
export type AnomalyState = 'open' | 'acknowledged' | 'resolved' | 'muted';

/** One thing that a rule found in a session. Title, explanation and fix are rendered from the rule (`lib/rules/render.ts`). */
export interface AnomalyView {
  readonly sessionId: SessionId;
  /** The same in every replay: rule, version and what it found. */
  readonly id: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly severity: Severity;
  /** Which of the rule's texts describes it. */
  readonly variant: string;
  /** The same for the same finding in other sessions of that provider, API version and model. */
  readonly fingerprint: string;
  readonly at: WallMicros | null;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Last `seq` that was known when it was found; live pages read rows from it on. */
  readonly lastSeq: number;
  /** Messages that prove it, in order. */
  readonly evidence: readonly number[];
  /** What the rule's texts name. */
  readonly values: Readonly<Record<string, Json>>;
  readonly state: AnomalyState;
  readonly mutedUntil: WallMicros | null;
  readonly stateChangedAt: WallMicros | null;
  readonly foundAt: WallMicros;
}

/** Findings of one kind over all sessions of one provider, API version and model. */
export interface AnomalyGroup {
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly variant: string;
  readonly severity: Severity;
  readonly provider: string;
  readonly apiVersion: string | null;
  readonly model: string | null;
  readonly anomalies: number;
  readonly sessions: number;
  /** How many of them nobody has acknowledged, resolved or muted, themselves or as a kind. */
  readonly open: number;
  /** How the newest of them stands. */
  readonly state: AnomalyState;
  readonly firstFoundAt: WallMicros;
  readonly lastFoundAt: WallMicros;
  /** The newest of them. */
  readonly example: AnomalyView;
}
