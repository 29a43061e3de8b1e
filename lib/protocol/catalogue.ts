import { DeltascopeError } from '#lib/base/errors.ts';
import geminiFile from './catalogue/gemini-live.json' with { type: 'json' };
import novaFile from './catalogue/nova-sonic.json' with { type: 'json' };
import liveFile from './catalogue/openai-live.json' with { type: 'json' };
import realtimeFile from './catalogue/openai-realtime.json' with { type: 'json' };
import responsesFile from './catalogue/openai-responses.json' with { type: 'json' };
import translationFile from './catalogue/openai-translation.json' with { type: 'json' };
import otherFile from './catalogue/realtime-extras.json' with { type: 'json' };
import twilioFile from './catalogue/twilio.json' with { type: 'json' };
import vllmFile from './catalogue/vllm.json' with { type: 'json' };
import type { CatalogueEntry, Group } from './catalogue-entry.ts';
import type { Dialect } from './dialect.ts';
import { readCatalogueFile } from './read-catalogue.ts';

export type { CatalogueEntry, EntryKeys, Group } from './catalogue-entry.ts';

/** The catalogue: which events can be on the wire, as data. Read and checked once, when this module is loaded. */
const FILES: readonly (readonly [string, unknown])[] = [
  ['openai-realtime.json', realtimeFile],
  ['realtime-extras.json', otherFile],
  ['openai-translation.json', translationFile],
  ['openai-live.json', liveFile],
  ['openai-responses.json', responsesFile],
  ['vllm.json', vllmFile],
  ['twilio.json', twilioFile],
  ['gemini-live.json', geminiFile],
  ['nova-sonic.json', novaFile],
];

const ENTRIES: readonly CatalogueEntry[] = FILES.flatMap(([file, content]) => readCatalogueFile(file, content));

/** Builds the lookup of `findEntryInGroup`; refuses a type that is described twice. */
export function indexEntries(entries: readonly CatalogueEntry[]): Map<Group, Map<string, CatalogueEntry>> {
  const byGroup = new Map<Group, Map<string, CatalogueEntry>>();
  for (const entry of entries) {
    const byType = byGroup.get(entry.group) ?? new Map<string, CatalogueEntry>();
    if (byType.has(entry.type)) {
      throw new DeltascopeError('DS_PROTOCOL_CATALOGUE_INVALID', `${entry.group}, ${entry.type}: is described twice.`);
    }
    byGroup.set(entry.group, byType.set(entry.type, entry));
  }
  return byGroup;
}

const INDEX = indexEntries(ENTRIES);

const GROUP_OF: Readonly<Record<Exclude<Dialect, 'unknown'>, Group>> = {
  'realtime-ga': 'realtime',
  'realtime-beta': 'realtime',
  translation: 'translation',
  live: 'live',
  responses: 'responses',
  vllm: 'vllm',
  twilio: 'twilio',
  'gemini-live': 'gemini-live',
  'nova-sonic': 'nova-sonic',
};

/** The group whose types a dialect uses; null while the dialect is not known. */
export function groupOf(dialect: Dialect): Group | null {
  return dialect === 'unknown' ? null : GROUP_OF[dialect];
}

/** The entry of `type` (without surrounding blanks) within a group, or null. */
export function findEntryInGroup(group: Group, type: string): CatalogueEntry | null {
  return INDEX.get(group)?.get(type) ?? null;
}

/** The entry of `type` in a dialect, or null; in dialect `unknown` the first group that has the type. */
export function findEntry(dialect: Dialect, type: string): CatalogueEntry | null {
  const group = groupOf(dialect);
  if (group !== null) return findEntryInGroup(group, type);
  for (const byType of INDEX.values()) {
    const entry = byType.get(type);
    if (entry !== undefined) return entry;
  }
  return null;
}

/** Every entry, older names included, in the order of the files. */
export function allEntries(): readonly CatalogueEntry[] {
  return ENTRIES;
}
