import type { z } from 'zod';
import type { ALERT_RULE, CHANNEL, DELIVERY, INCIDENT } from '../../api/v1/_api/alert-schemas.ts';

/** What the API sends, as the page holds it: times are ISO 8601. */

export type RuleRow = z.output<typeof ALERT_RULE>;
export type ChannelRow = z.output<typeof CHANNEL>;
export type IncidentRow = z.output<typeof INCIDENT>;
export type DeliveryRow = z.output<typeof DELIVERY>;
