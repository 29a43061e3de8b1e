import type { Store } from './connect.ts';
import { PRESENCE_SPACE } from './hold-presence.ts';

/** A pool that has just begun may have taken a job before its presence shows. */
const GRACE_SECONDS = 2;

/**
 * Gives back the jobs of pools of workers that died holding them: those of whom no connection says that they are there (`hold-presence.ts`).
 * graphile-worker itself would wait four hours.
 * @returns the names of the dead
 */
export async function unlockAbandonedJobs(store: Store): Promise<readonly string[]> {
  const dead = await store.$queryRaw<{ name: string }[]>`
    select distinct j.locked_by as name from graphile_worker.jobs j
    where j.locked_at < now() - make_interval(secs => ${GRACE_SECONDS}) and not exists (
      select from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 2
        and l.database = (select oid from pg_database where datname = current_database())
        and l.classid = ${PRESENCE_SPACE}::int::oid and l.objid = hashtext(j.locked_by)::oid)`;
  const names = dead.map(({ name }) => name);
  if (names.length > 0)
    await store.$queryRaw`select 1 from (select graphile_worker.force_unlock_workers(${names}::text[])) unlocked`;
  return names;
}
