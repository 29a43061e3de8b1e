import { ENTRY_DIRECTIONS, ERAS, FORMATS, GROUPS, LANES, THINGS } from '#lib/protocol/catalogue-entry.ts';

const text = { type: 'string', minLength: 1 };
const paths = { oneOf: [text, { type: 'array', items: text }] };
const words = (list: readonly string[]) => ({ oneOf: [{ enum: list }, { type: 'array', items: { enum: list } }] });
const object = (required: readonly string[], properties: Readonly<Record<string, unknown>>) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

const FIELD = object(['path', 'label', 'format'], { path: text, label: text, format: { enum: FORMATS } });

const KEYS = object([], {
  event: { ...paths, description: 'Where the event has its own id; event_id if absent.' },
  response: paths,
  item: paths,
  call: paths,
  outputIndex: paths,
  contentIndex: paths,
});

const ENTRY = object(['type', 'direction', 'since', 'summary', 'lane'], {
  type: { ...text, description: 'As it stands on the wire.' },
  canonical: { ...text, description: 'The event of which this is another name.' },
  direction: { enum: ENTRY_DIRECTIONS },
  since: { enum: ERAS },
  until: { enum: ERAS },
  renamedFrom: { type: 'array', items: text, description: 'Older names of the same event; each becomes an entry like this one.' },
  summary: text,
  keys: KEYS,
  opens: words(THINGS),
  closes: words(THINGS),
  usage: paths,
  bytes: { ...paths, description: 'Where the event carries base64 audio.' },
  label: { ...text, description: 'One-line note: {path}, {a/b}, {path|format}, and [parts left out where a value is missing].' },
  fields: { type: 'array', items: FIELD },
  lane: { enum: LANES },
  source: text,
});

/** The JSON Schema of a catalogue file, for editors; made of the same word lists that the reader checks. */
export function catalogueSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Deltascope protocol catalogue',
    ...object(['group', 'about', 'source', 'entries'], {
      $schema: text,
      group: { enum: GROUPS },
      about: text,
      source: text,
      entries: { type: 'array', items: ENTRY },
    }),
  };
}
