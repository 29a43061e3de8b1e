import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Severity } from '#lib/session/view.ts';

/** What happened and who was told, as it is stored and shown. `incident` and `delivery` of the store change with it. */

export type IncidentState = 'open' | 'resolved';

/** Why somebody is told. */
export type NoticeKind = 'opened' | 'escalated' | 'renotified' | 'resolved';

/** One line of an incident's story. */
export interface TimelineEntry {
  readonly at: WallMicros;
  readonly kind: NoticeKind | 'silenced' | 'unsilenced';
  /** One sentence. */
  readonly text: string;
}

/** Where it was seen. */
export interface Sight {
  readonly at: WallMicros;
  readonly sessionId: SessionId;
  /** The first message that proves it. */
  readonly seq: number;
}

/** Something that is wrong, from its first sighting until it was quiet for long enough. */
export interface Incident {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  /** At most one incident of a fingerprint is open. */
  readonly fingerprint: string;
  /** What tells it from the rule's other incidents, e.g. `{ provider: 'openai' }`. */
  readonly group: Readonly<Record<string, string>>;
  readonly state: IncidentState;
  /** The worst that was seen of it. */
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  /** Anomalies, or responses that count towards the share. */
  readonly occurrences: number;
  readonly openedAt: WallMicros;
  readonly lastSeenAt: WallMicros;
  /** Null while nobody was told, because it is silenced. */
  readonly lastNotifiedAt: WallMicros | null;
  readonly resolvedAt: WallMicros | null;
  readonly resolvedBy: 'quiet' | 'person' | 'rule' | null;
  readonly silencedUntil: WallMicros | null;
  /** The first, and the latest. */
  readonly sights: readonly Sight[];
  readonly timeline: readonly TimelineEntry[];
}

export type DeliveryKind = NoticeKind | 'test';

/** `pending`: on its way, maybe after failed attempts. */
export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** One request that was made, and what became of it. */
export interface DeliveryAttempt {
  readonly at: WallMicros;
  readonly status: number | null;
  /** Null where it was taken; never with the address's path or query. */
  readonly error: string | null;
  readonly durationMs: number;
}

/** One message to one channel. Its id is the `webhook-id`: the same in every attempt. */
export interface DeliveryView {
  readonly id: string;
  readonly channelId: string;
  /** Null where the channel is gone. */
  readonly channelName: string | null;
  /** Null for a test. */
  readonly incidentId: string | null;
  readonly kind: DeliveryKind;
  readonly state: DeliveryState;
  readonly attempts: readonly DeliveryAttempt[];
  readonly createdAt: WallMicros;
  readonly deliveredAt: WallMicros | null;
}
