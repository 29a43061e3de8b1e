import { globSync, readFileSync } from 'node:fs';

/** Processes are found in /proc. */
export const isLinux = process.platform === 'linux';

/** The command lines of this machine's processes that name `part`, where it tells them; some end while they are asked. */
export function listCommands(part: string): string[] {
  return globSync('/proc/[0-9]*/cmdline')
    .flatMap((file) => {
      try {
        return [readFileSync(file, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(part));
}
