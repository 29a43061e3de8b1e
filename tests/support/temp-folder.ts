import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder below the system's temporary one. Everyone may enter it, so that a PostgreSQL which root starts (under another user) keeps
 * its data inside, and it goes away with the folder.
 */
export function makeTempFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `deltascope-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}
