import { findFreePort } from '#workers/shared/free-port.ts';

/** As many different free ports of this machine as asked for. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add((await findFreePort('127.0.0.1', 0)) ?? 0);
  return [...ports];
}
