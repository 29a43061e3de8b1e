import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from '#lib/base/json.ts';
import { audioFieldOf } from './audio.ts';
import { decode } from './decode.ts';
import { renderNote } from './note.ts';
import { initialDialect, sniffDialect } from './sniff-dialect.ts';
import { readUsage } from './usage.ts';

/** Recordings that may lie beside the repository. They are not part of it, so this proves nothing that another test does not. */
const FOLDER = new URL('../../../shared/traffic/sessions/', import.meta.url);
const NO_HINTS = { upstreamKind: null, path: null, query: {}, subprotocol: null };

/** Reads one recording as a session; returns the types that are not in the catalogue. */
function unknownTypesOf(file: string): string[] {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  let state = initialDialect(NO_HINTS);
  return lines.flatMap((line) => {
    const decoded = decode(JSON.stringify((JSON.parse(line) as { event: Json }).event), state.dialect);
    state = sniffDialect(state, decoded);
    renderNote(decoded);
    audioFieldOf(decoded);
    if (!decoded.ok) return [decoded.code];
    readUsage(decoded.body, state.dialect);
    return decoded.entry === null ? [decoded.type] : [];
  });
}

test.skipIf(!existsSync(FOLDER))(
  'recorded sessions decode without a throw, and their types are known',
  { timeout: 60_000 },
  () => {
    const unknown = new Set(readdirSync(FOLDER).flatMap(unknownTypesOf));
    process.stdout.write(`types outside the catalogue: ${[...unknown].join(', ') || 'none'}\n`);
    // The recordings mark a closed socket and the end of a proxy's stream with events of their own.
    for (const made of ['__close__', 'done']) unknown.delete(made);
    expect([...unknown]).toEqual([]);
  },
);
