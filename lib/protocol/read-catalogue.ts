import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import type { CatalogueEntry, EntryField, EntryKeys } from './catalogue-entry.ts';
import { ENTRY_DIRECTIONS, ERAS, FORMATS, GROUPS, LANES, THINGS } from './catalogue-entry.ts';
import { parseLabel } from './label.ts';
import type { Path } from './path.ts';
import { compilePath } from './path.ts';

/**
 * Reads one catalogue file into entries and refuses what it does not understand, naming file, type and path:
 * a typing error in the data must stop the start, not become a blank row.
 */
export function readCatalogueFile(file: string, content: unknown): CatalogueEntry[] {
  const reader = makeReader(file);
  const root = reader.object(content, '');
  reader.onlyKeys(root, ['$schema', 'group', 'about', 'source', 'entries'], '');
  const group = reader.word(root['group'], GROUPS, 'group');
  const source = reader.text(root['source'], 'source');
  const entries = reader.list(root['entries'], 'entries').map((raw, index) => readEntry(reader, raw, index, group, source));
  return entries.flatMap((entry) => [entry, ...entry.renamedFrom.map((type) => olderName(entry, type))]);
}

/** The same event under the name that it had before: only the identity differs. */
function olderName(entry: CatalogueEntry, type: string): CatalogueEntry {
  return { ...entry, type, canonicalType: entry.type, since: 'beta', until: 'ga', renamedFrom: [] };
}

const ENTRY_KEYS = [
  'type',
  'canonical',
  'direction',
  'since',
  'until',
  'renamedFrom',
  'summary',
  'keys',
  'opens',
  'closes',
  'usage',
  'bytes',
  'label',
  'fields',
  'lane',
  'source',
];

function readEntry(reader: Reader, raw: Json, index: number, group: CatalogueEntry['group'], fileSource: string): CatalogueEntry {
  const entry = reader.object(raw, `entries.${index}`);
  const type = reader.text(entry['type'], `entries.${index}.type`);
  const at = (key: string) => `${type}: ${key}`;
  reader.onlyKeys(entry, ENTRY_KEYS, type);
  return {
    group,
    type,
    canonicalType: entry['canonical'] === undefined ? type : reader.text(entry['canonical'], at('canonical')),
    direction: reader.word(entry['direction'], ENTRY_DIRECTIONS, at('direction')),
    since: reader.word(entry['since'], ERAS, at('since')),
    until: entry['until'] === undefined ? null : reader.word(entry['until'], ERAS, at('until')),
    renamedFrom: reader.texts(entry['renamedFrom'], at('renamedFrom')),
    summary: reader.text(entry['summary'], at('summary')),
    keys: readKeys(reader, entry['keys'] ?? {}, type),
    opens: reader.words(entry['opens'], THINGS, at('opens')),
    closes: reader.words(entry['closes'], THINGS, at('closes')),
    usage: reader.paths(entry['usage'], at('usage')),
    bytes: reader.paths(entry['bytes'], at('bytes')),
    label: entry['label'] === undefined ? '' : reader.label(entry['label'], at('label')),
    fields: reader.list(entry['fields'] ?? [], at('fields')).map((field, n) => readField(reader, field, at(`fields.${n}`))),
    lane: reader.word(entry['lane'], LANES, at('lane')),
    source: entry['source'] === undefined ? fileSource : reader.text(entry['source'], at('source')),
  };
}

function readKeys(reader: Reader, raw: Json, type: string): EntryKeys {
  const keys = reader.object(raw, `${type}: keys`);
  reader.onlyKeys(keys, ['event', 'response', 'item', 'call', 'outputIndex', 'contentIndex'], `${type}: keys`);
  const at = (key: string) => reader.paths(keys[key], `${type}: keys.${key}`);
  return {
    event: keys['event'] === undefined ? [['event_id']] : at('event'),
    response: at('response'),
    item: at('item'),
    call: at('call'),
    outputIndex: at('outputIndex'),
    contentIndex: at('contentIndex'),
  };
}

function readField(reader: Reader, raw: Json, where: string): EntryField {
  const field = reader.object(raw, where);
  reader.onlyKeys(field, ['path', 'label', 'format'], where);
  return {
    path: reader.text(field['path'], `${where}.path`),
    label: reader.text(field['label'], `${where}.label`),
    format: reader.word(field['format'], FORMATS, `${where}.format`),
  };
}

type Reader = ReturnType<typeof makeReader>;

/** Typed access to data from a file; each failure is one sentence that says where. */
function makeReader(file: string) {
  const fail = (where: string, wanted: string): never => {
    throw new DeltascopeError('DS_PROTOCOL_CATALOGUE_INVALID', `${file}${where === '' ? '' : `, ${where}`}: ${wanted}.`);
  };
  const object = (value: unknown, where: string): JsonObject => (isJsonObject(value) ? value : fail(where, 'must be an object'));
  const list = (value: Json | undefined, where: string): Json[] => (Array.isArray(value) ? value : fail(where, 'must be a list'));
  const text = (value: Json | undefined, where: string): string =>
    typeof value === 'string' && value !== '' ? value : fail(where, 'must be a text that is not empty');
  const texts = (value: Json | undefined, where: string): string[] => {
    if (value === undefined) return [];
    return typeof value === 'string' ? [text(value, where)] : list(value, where).map((one) => text(one, where));
  };
  const word = <W extends string>(value: Json | undefined, words: readonly W[], where: string): W =>
    words.find((one) => one === value) ??
    fail(where, `must be one of ${words.join(', ')}, not ${JSON.stringify(value) ?? 'absent'}`);
  const label = (value: Json | undefined, where: string): string => {
    const template = text(value, where);
    try {
      parseLabel(template);
      return template;
    } catch (thrown) {
      return fail(where, `is not a label (${coerceError(thrown).message})`);
    }
  };
  return {
    object,
    label,
    list,
    text,
    texts,
    word,
    words: <W extends string>(value: Json | undefined, words: readonly W[], where: string): W[] =>
      texts(value, where).map((one) => word(one, words, where)),
    paths: (value: Json | undefined, where: string): Path[] => texts(value, where).map(compilePath),
    onlyKeys: (value: JsonObject, known: readonly string[], where: string): void => {
      const stranger = Object.keys(value).find((key) => !known.includes(key));
      if (stranger !== undefined) fail(where, `has an unknown key "${stranger}"`);
    },
  };
}
