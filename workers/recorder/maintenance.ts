import { coerceError } from '#lib/base/errors.ts';
import type { Store } from '#lib/store/connect.ts';
import { dropExpired } from '#lib/store/drop-expired.ts';
import { ensurePartitions } from '#lib/store/partitions.ts';
import { failureSentence } from '#lib/store/store-failure.ts';
import type { Logger } from '#workers/shared/logger.ts';

const EVERY_MS = 3_600_000;

export interface MaintenanceOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly retentionDays: number;
}

/** Makes partitions ahead and drops expired ones, now and every hour; what fails is tried again next time. */
export async function startMaintenance(options: MaintenanceOptions): Promise<{ stop(): void }> {
  await maintain(options);
  const timer = setInterval(() => void maintain(options), EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

async function maintain({ store, log, retentionDays }: MaintenanceOptions): Promise<void> {
  try {
    const made = await ensurePartitions(store);
    const dropped = await dropExpired(store, retentionDays);
    if (made > 0 || dropped.length > 0) log.info({ made, dropped }, 'partitions');
  } catch (thrown) {
    log.warn({ reason: failureSentence(coerceError(thrown)) }, 'partitions could not be seen to');
  }
}
