import { showAddress } from '#lib/alerts/address.ts';
import type { ChannelView } from '#lib/alerts/alert-rule.ts';
import type { DeliveryView, Incident } from '#lib/alerts/incident.ts';
import type { ChannelRow } from '#lib/store/list-channels.ts';
import { isoTimes } from './iso-times.ts';

/** An incident as the API shows it: times inside its lists as well. */
export function incidentReply(incident: Incident) {
  return { ...isoTimes(incident), sights: incident.sights.map(isoTimes), timeline: incident.timeline.map(isoTimes) };
}

/** A delivery as the API shows it. */
export function deliveryReply(delivery: DeliveryView) {
  return { ...isoTimes(delivery), attempts: delivery.attempts.map(isoTimes) };
}

/** A channel as it may be shown: nothing of its address that may be secret. */
export function toChannelView({ url, ...channel }: ChannelRow): ChannelView {
  return { ...channel, address: showAddress(url) };
}
