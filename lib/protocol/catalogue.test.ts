import { describe, expect, test } from 'vitest';
import { DeltascopeError } from '#lib/base/errors.ts';
import { allEntries, findEntry, findEntryInGroup, indexEntries } from './catalogue.ts';
import { parseLabel } from './label.ts';
import { readCatalogueFile } from './read-catalogue.ts';

const ENTRY = {
  type: 'response.done',
  direction: 'server_to_client',
  since: 'ga',
  summary: 'A response has ended.',
  lane: 'response',
};

function fileWith(entry: object): object {
  return { group: 'realtime', about: 'Test.', source: 'a test', entries: [entry] };
}

function messageOf(content: unknown): string {
  try {
    readCatalogueFile('test.json', content);
    return 'nothing was refused';
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(DeltascopeError);
    expect((thrown as DeltascopeError).code).toBe('DS_PROTOCOL_CATALOGUE_INVALID');
    return (thrown as DeltascopeError).message;
  }
}

describe('a catalogue file is refused with file, type and path', () => {
  test.each([
    ['a word outside the list of lanes', { ...ENTRY, lane: 'attic' }, 'test.json, response.done: lane: must be one of session,'],
    [
      'a direction by habit instead of by party',
      { ...ENTRY, direction: 'received' },
      'response.done: direction: must be one of client_to_server,',
    ],
    ['a missing summary', { ...ENTRY, summary: undefined }, 'response.done: summary: must be a text that is not empty'],
    ['a key that nobody reads', { ...ENTRY, fileds: [] }, 'test.json, response.done: has an unknown key "fileds"'],
    ['an unknown correlation', { ...ENTRY, keys: { turn: 'turn_id' } }, 'response.done: keys: has an unknown key "turn"'],
    ['a path that is no text', { ...ENTRY, keys: { item: [7] } }, 'response.done: keys.item: must be a text'],
    [
      'a field with an unknown format',
      { ...ENTRY, fields: [{ path: 'a', label: 'A', format: 'date' }] },
      'response.done: fields.0.format: must be one of word,',
    ],
    [
      'a label with an open bracket',
      { ...ENTRY, label: '{response.status' },
      'response.done: label: is not a label (bracket without partner at 0)',
    ],
    [
      'a label with an unknown format',
      { ...ENTRY, label: '{delta|loud}' },
      'response.done: label: is not a label (unknown format',
    ],
    ['a thing that nothing can open', { ...ENTRY, opens: 'door' }, 'response.done: opens: must be one of session,'],
    ['an entry without type', { ...ENTRY, type: undefined }, 'test.json, entries.0.type: must be a text'],
    ['an entry that is a text', 'response.done', 'test.json, entries.0: must be an object'],
  ])('%s', (_name, entry, message) => {
    expect(messageOf(fileWith(entry as object))).toContain(message);
  });

  test('a file that is no object, or of no known group', () => {
    expect(messageOf([])).toBe('test.json: must be an object.');
    expect(messageOf({ ...fileWith(ENTRY), group: 'telegraph' })).toContain('test.json, group: must be one of realtime,');
  });

  test('a type that is described twice', () => {
    const twice = readCatalogueFile('test.json', { ...fileWith(ENTRY), entries: [ENTRY, ENTRY] });
    expect(() => indexEntries(twice)).toThrow('realtime, response.done: is described twice.');
  });
});

describe('the catalogue', () => {
  test('knows an event by its older name, as the same event', () => {
    const beta = findEntry('realtime-beta', 'response.audio.delta');
    const ga = findEntry('realtime-ga', 'response.output_audio.delta');
    expect(beta?.canonicalType).toBe('response.output_audio.delta');
    expect(beta?.until).toBe('ga');
    expect(beta?.fields).toBe(ga?.fields);
  });

  test('gives a name the meaning that its dialect has', () => {
    expect(findEntry('responses', 'response.audio.delta')?.canonicalType).toBe('response.audio.delta');
    expect(findEntry('realtime-ga', 'response.audio.delta')?.canonicalType).toBe('response.output_audio.delta');
    expect(findEntry('realtime-ga', 'response.completed')).toBeNull();
    expect(findEntry('unknown', 'response.completed')?.group).toBe('responses');
  });

  test('is not fooled by names that every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) expect(findEntry('unknown', name)).toBeNull();
  });

  test('names in canonicalType only events that it describes', () => {
    for (const entry of allEntries()) expect(findEntryInGroup(entry.group, entry.canonicalType), entry.type).not.toBeNull();
  });

  test('uses in labels and fields only paths that can be read', () => {
    for (const entry of allEntries()) {
      expect(() => parseLabel(entry.label)).not.toThrow();
      for (const field of entry.fields) expect(field.path, entry.type).not.toMatch(/^\.|\.$|\.\./);
    }
  });
});
