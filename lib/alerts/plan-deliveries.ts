import type { WallMicros } from '#lib/base/brand.ts';
import type { ChannelKind } from './alert-rule.ts';
import type { DeliveryKind, Incident } from './incident.ts';
import { renderMessage } from './render-message.ts';

/** A message that is to be sent. */
export interface DeliveryDraft {
  readonly id: string;
  readonly channelId: string;
  readonly incidentId: string | null;
  readonly kind: DeliveryKind;
  readonly body: string;
  readonly createdAt: WallMicros;
}

/** Where a message may go. */
export interface Destination {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly isEnabled: boolean;
}

export interface DeliveryPlan {
  readonly kind: DeliveryKind;
  /** Null for a test. */
  readonly incident: Incident | null;
  readonly destinations: readonly Destination[];
}

/** One message per destination that is on. A test goes to one that is off as well: that is how it is tried out. */
export function planDeliveries(
  { kind, incident, destinations }: DeliveryPlan,
  { now, publicUrl, makeId }: { readonly now: WallMicros; readonly publicUrl: string; readonly makeId: () => string },
): readonly DeliveryDraft[] {
  return destinations
    .filter((destination) => destination.isEnabled || kind === 'test')
    .map((destination) => ({
      id: makeId(),
      channelId: destination.id,
      incidentId: incident?.id ?? null,
      kind,
      body: renderMessage({ kind, incident, at: now, publicUrl }, destination.kind),
      createdAt: now,
    }));
}
