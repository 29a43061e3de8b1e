import { Prisma } from './generated/client.ts';

/** Whether what was said of a kind of anomaly (`anomaly_decision d`) holds for those found since: acknowledged, or muted for now. */
export const IS_DECIDED = Prisma.raw(
  `(d.state = 'acknowledged' or d.state = 'muted' and (d.muted_until is null or d.muted_until > now()))`,
);
