import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SpoolPosition } from '#lib/spool/reader.ts';
import { openSpoolReader } from '#lib/spool/reader.ts';

/** How many messages the tap's spools in a data folder hold, and how many they say were lost. */
export function countRecorded(dataFolder: string): { readonly messages: number; readonly lost: number } {
  const spools = join(dataFolder, 'spool');
  let messages = 0;
  let lost = 0;
  for (const name of readdirSync(spools)) {
    const reader = openSpoolReader({ folder: join(spools, name) });
    let after: SpoolPosition | null = null;
    for (;;) {
      const read = reader.read(after, { rows: 2000, bytes: 16 * 1024 ** 2 });
      if (read.state !== 'records') break;
      for (const { record } of read.records) {
        if (record.kind === 'message') messages += 1;
        if (record.kind === 'loss') lost += record.toSeq - record.fromSeq + 1;
      }
      after = read.next;
    }
    reader.close();
  }
  return { messages, lost };
}
