import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEntryInGroup } from '#lib/protocol/catalogue.ts';
import type { Group } from '#lib/protocol/catalogue-entry.ts';
import { dottedTypes, readDeclarations, typesOfUnion } from './event-unions.ts';

/**
 * Compares the catalogue with the types of the installed `openai` package and fails with the name of every event that the
 * catalogue lacks: a new version of the package becomes a failing check, not a blank row.
 */

interface Source {
  readonly file: string;
  /** Unions whose members are events of `group`. */
  readonly unions: readonly string[];
  readonly group: Group;
}

const SOURCES: readonly Source[] = [
  { file: 'realtime/realtime.d.ts', unions: ['RealtimeClientEvent', 'RealtimeServerEvent'], group: 'realtime' },
  {
    file: 'realtime/realtime.d.ts',
    unions: ['RealtimeTranslationClientEvent', 'RealtimeTranslationServerEvent'],
    group: 'translation',
  },
  { file: 'beta/realtime/realtime.d.ts', unions: ['RealtimeClientEvent', 'RealtimeServerEvent'], group: 'realtime' },
  { file: 'live/live.d.ts', unions: ['ClientEvent', 'ServerEvent'], group: 'live' },
  {
    file: 'responses/responses.d.ts',
    unions: ['ResponseStreamEvent', 'ResponsesClientEvent', 'ResponsesServerEvent'],
    group: 'responses',
  },
];

/** Dotted literals that are no event of the wire by themselves. */
const NOT_EVENTS: Readonly<Record<string, string>> = { 'decision.completed': 'wrapped in decision.event' };

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'openai');

/** What one source says: how many types it has and which of them the catalogue lacks. */
function checkSource(source: Source): { total: number; missing: string[] } {
  const declarations = readDeclarations(readFileSync(join(PACKAGE, 'resources', source.file), 'utf8'));
  const types = [...new Set(source.unions.flatMap((union) => typesOfUnion(declarations, union)))];
  if (types.length === 0) return { total: 0, missing: [`no event at all found in ${source.unions.join(', ')}`] };
  return { total: types.length, missing: types.filter((type) => findEntryInGroup(source.group, type) === null) };
}

/** Events that a file declares outside the unions above, e.g. `transcription_session.update`. */
function checkLoose(file: string): string[] {
  const groups = SOURCES.filter((source) => source.file === file).map((source) => source.group);
  const declarations = readDeclarations(readFileSync(join(PACKAGE, 'resources', file), 'utf8'));
  const isKnown = (type: string) => groups.some((group) => findEntryInGroup(group, type) !== null);
  return dottedTypes(declarations).filter((type) => !isKnown(type) && NOT_EVENTS[type] === undefined);
}

function main(): number {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const lines = [`The catalogue beside openai ${version}:`];
  let lacking = 0;
  for (const source of SOURCES) {
    const { total, missing } = checkSource(source);
    lines.push(`  ${source.group.padEnd(12)} ${source.file.padEnd(30)} ${total - missing.length} of ${total}`);
    lines.push(...missing.map((type) => `    missing: ${type}`));
    lacking += missing.length;
  }
  for (const file of new Set(SOURCES.map((source) => source.file))) {
    const loose = checkLoose(file);
    lines.push(...loose.map((type) => `    missing (outside the unions of ${file}): ${type}`));
    lacking += loose.length;
  }
  lines.push(lacking === 0 ? 'Complete.' : `${lacking} event types are not in lib/protocol/catalogue.`);
  process.stdout.write(`${lines.join('\n')}\n`);
  return lacking === 0 ? 0 : 1;
}

process.exitCode = main();
