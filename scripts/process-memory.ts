import { readdirSync, readFileSync } from 'node:fs';

/** Memory of a process and everything it started, as Linux counts it: PSS shares what several processes have in common among them. */
export interface ProcessMemory {
  readonly pid: number;
  readonly command: string;
  readonly pssBytes: number;
}

/** `root` and all its descendants; a process that ends meanwhile is left out. */
export function measureTree(root: number): readonly ProcessMemory[] {
  const parents = new Map(listProcesses().map((pid) => [pid, parentOf(pid)]));
  const isInside = (pid: number): boolean => pid === root || isInsideParent(parents.get(pid));
  const isInsideParent = (parent: number | undefined): boolean => parent !== undefined && parent > 0 && isInside(parent);
  return [...parents.keys()].filter(isInside).flatMap(measure);
}

function listProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number {
  const text = readProc(pid, 'stat');
  // The command stands in brackets and may hold anything; the parent is the second field after it.
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function measure(pid: number): readonly ProcessMemory[] {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readProc(pid, 'smaps_rollup'))?.[1];
  if (kilobytes === undefined) return [];
  const command = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
  return [{ pid, command, pssBytes: Number(kilobytes) * 1024 }];
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
