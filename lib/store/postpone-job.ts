import type { Store } from './connect.ts';

/**
 * Lets the waiting time of a job that is about to fail begin only after `ms`. graphile-worker has no function for a job under way: this
 * writes to a private table of 0.18, whose `failJobs` adds its back-off to `run_at` where that is later than now. An update of it is to be
 * checked against the tests of `Retry-After`.
 */
export async function postponeJob(store: Store, id: string, ms: number): Promise<void> {
  await store.$executeRaw`
    update graphile_worker._private_jobs set run_at = now() + ${ms}::float8 * interval '1 millisecond' where id = ${id}::bigint`;
}
