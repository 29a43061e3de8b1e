import type { Store } from './connect.ts';
import type { Prisma } from './generated/client.ts';

/** A transaction that decides about incidents. */
export type AlertTransaction = Prisma.TransactionClient;

/** Key of the advisory lock. */
const ALERT_LOCK = 7_021_907;

/**
 * Runs what decides about incidents in one transaction, one at a time over all processes: what is read inside is still so when
 * it is written.
 */
export async function withAlertLock<Result>(
  store: Store,
  decide: (transaction: AlertTransaction) => Promise<Result>,
): Promise<Result> {
  return store.$transaction(async (transaction) => {
    await transaction.$queryRaw`select 1 from (select pg_advisory_xact_lock(${ALERT_LOCK})) held`;
    return decide(transaction);
  });
}
