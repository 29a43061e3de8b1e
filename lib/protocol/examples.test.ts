import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { audioFieldOf } from './audio.ts';
import { allEntries } from './catalogue.ts';
import type { CatalogueEntry, Group } from './catalogue-entry.ts';
import type { DecodedEvent } from './decode.ts';
import { decode } from './decode.ts';
import type { Dialect } from './dialect.ts';
import { formatValue } from './format-value.ts';
import { renderNote } from './note.ts';
import { compilePath, readPath } from './path.ts';
import { readUsage } from './usage.ts';

const FOLDER = new URL('../../tests/fixtures/events/', import.meta.url);

const DIALECT_OF: Readonly<Record<string, Dialect>> = {
  'openai-realtime': 'realtime-ga',
  'realtime-extras': 'realtime-beta',
  'openai-translation': 'translation',
  'openai-live': 'live',
  'openai-responses': 'responses',
  vllm: 'vllm',
  twilio: 'twilio',
  'gemini-live': 'gemini-live',
  'nova-sonic': 'nova-sonic',
};

interface Example {
  readonly where: string;
  readonly text: string;
  readonly dialect: Dialect;
}

function readExamples(): Example[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const dialect = DIALECT_OF[file.replace('.jsonl', '')] ?? 'unknown';
    const lines = readFileSync(new URL(file, FOLDER), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((text, index) => ({ where: `${file}:${index + 1}`, text, dialect }));
  });
}

const EXAMPLES = readExamples();

function known(example: Example): { event: DecodedEvent; entry: CatalogueEntry } {
  const event = decode(example.text, example.dialect);
  if (!event.ok || event.entry === null) throw new Error(`${example.where} is not known: ${example.text.slice(0, 80)}`);
  return { event, entry: event.entry };
}

describe('the examples of the catalogue', () => {
  test('are all events that it knows', () => {
    for (const example of EXAMPLES) expect(known(example).event.canonicalType).toBe(known(example).entry.canonicalType);
  });

  test('leave out no entry', () => {
    const shown = new Set(EXAMPLES.map((example) => keyOf(known(example).entry)));
    expect(
      allEntries()
        .map(keyOf)
        .filter((key) => !shown.has(key)),
    ).toEqual([]);
  });

  test('show every key that an entry promises', () => {
    const missing = missingAmong((entry, event) => {
      const found = { response: event.keys.responseId, item: event.keys.itemId, call: event.keys.callId };
      const indexes = { outputIndex: event.keys.outputIndex, contentIndex: event.keys.contentIndex };
      const all: Record<string, string | number | null> = { ...found, ...indexes };
      return Object.keys(all).filter((name) => entry.keys[name as 'item'].length > 0 && all[name] === null);
    });
    expect(missing).toEqual([]);
  });

  test('show usage and audio where an entry promises them', () => {
    const missing = missingAmong((entry, event) => [
      ...(entry.usage.length > 0 && readUsage(event.body, 'unknown') === null ? ['usage'] : []),
      ...(entry.bytes.length > 0 && audioFieldOf(event) === null ? ['audio'] : []),
    ]);
    expect(missing).toEqual([]);
  });

  test('have a note wherever a label says so, and fields of the declared format', () => {
    const silent = missingAmong((entry, event) => (entry.label !== '' && renderNote(event) === null ? ['note'] : []));
    expect(silent).toEqual([]);
    for (const example of EXAMPLES) {
      const { event, entry } = known(example);
      for (const field of entry.fields) {
        const value = readPath(event.body, compilePath(field.path));
        const isAbsent = value === undefined || value === null || value === '';
        if (!isAbsent) expect(formatValue(value, field.format), `${example.where} ${field.path}`).not.toBeNull();
      }
    }
  });

  test('mean the same when the dialect is not known yet', () => {
    for (const example of EXAMPLES.filter((one) => one.dialect === 'responses' && one.text.includes('sequence_number'))) {
      const event = decode(example.text, 'unknown');
      expect(event.ok && event.entry?.group, example.where).toBe('responses' satisfies Group);
    }
  });
});

function keyOf(entry: CatalogueEntry): string {
  return `${entry.group} ${entry.type}`;
}

/** What is missing in all examples of an entry, as `group type what`. */
function missingAmong(missing: (entry: CatalogueEntry, event: DecodedEvent) => readonly string[]): string[] {
  const byEntry = new Map<string, Set<string>>();
  for (const example of EXAMPLES) {
    const { event, entry } = known(example);
    const now = new Set(missing(entry, event));
    const before = byEntry.get(keyOf(entry));
    byEntry.set(keyOf(entry), before === undefined ? now : new Set([...before].filter((one) => now.has(one))));
  }
  return [...byEntry].flatMap(([key, gone]) => [...gone].map((one) => `${key} ${one}`));
}
