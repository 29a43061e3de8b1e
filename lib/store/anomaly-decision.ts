import { Prisma } from './generated/client.ts';

/** Whether what was said of a kind of anomaly (`anomaly_decision d`) holds for those found since: acknowledged, or muted for now. */
export const IS_DECIDED = Prisma.raw(
  `(d.state = 'acknowledged' or d.state = 'muted' and (d.muted_until is null or d.muted_until > now()))`,
);

/** Anomalies as `a`, each with what was said of its kind as `d`, where that holds and nobody has said anything of the anomaly alone. */
export const ANOMALIES_NOW = Prisma.sql`anomaly a left join anomaly_decision d
  on d.fingerprint = a.fingerprint and a.state = 'open' and a.state_changed_at is null and ${IS_DECIDED}`;

const IS_OVER = Prisma.sql`(a.state = 'muted' and a.muted_until <= now())`;

/** The state of an anomaly of `ANOMALIES_NOW`: a mute that is over holds no more, what was said of its kind holds too. */
export const STATE_NOW = Prisma.sql`coalesce(d.state, case when ${IS_OVER} then 'open' else a.state end)`;

/** Until when an anomaly of `ANOMALIES_NOW` is muted; null for good, and where it is not. */
export const MUTED_UNTIL_NOW = Prisma.sql`coalesce(d.muted_until, case when not ${IS_OVER} then a.muted_until end)`;
