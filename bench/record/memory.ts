import { readdirSync, readFileSync } from 'node:fs';

/** Proportional set size of a process in bytes: its own memory and its share of what it shares. 0 where the system does not tell. */
export function pssOf(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** The same for a process and those that it started, such as PostgreSQL and its backends. */
export function pssOfFamily(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, member) => sum + pssOf(member), 0);
}

function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1];
    return Number(afterName?.split(' ')[1]);
  } catch {
    return null;
  }
}
