/** `node scripts/measure-memory.ts PID`: the memory of a running `npm start` (Linux), process by process. */
import { measureTree } from './process-memory.ts';

const MEGABYTE = 1024 ** 2;
const processes = [...measureTree(Number(process.argv[2]))].sort((a, b) => b.pssBytes - a.pssBytes);
for (const { pid, command, pssBytes } of processes) {
  process.stdout.write(
    `${(pssBytes / MEGABYTE).toFixed(1).padStart(7)} MB  ${String(pid).padStart(7)}  ${command.slice(0, 100)}\n`,
  );
}
const total = processes.reduce((sum, one) => sum + one.pssBytes, 0);
process.stdout.write(`${(total / MEGABYTE).toFixed(1).padStart(7)} MB  PSS of ${processes.length} processes\n`);
