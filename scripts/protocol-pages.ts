import type { CatalogueEntry, EntryKeys } from '#lib/protocol/catalogue.ts';
import { allEntries } from '#lib/protocol/catalogue.ts';
import { BETA_ONLY_FIELDS, CONFIG_RENAMES, GA_ONLY_FIELDS, NOT_ECHOED } from '#lib/protocol/config-map.ts';
import { PROVIDER_ERRORS } from '#lib/protocol/error-codes.ts';
import type { Family, FamilyException } from '#lib/protocol/families.ts';
import { FAMILIES } from '#lib/protocol/families.ts';
import type { Price } from '#lib/protocol/prices.ts';
import { PRICES, PRICES_COMPILED } from '#lib/protocol/prices.ts';
import { SECRET_FIELDS } from '#lib/protocol/secrets.ts';

/** The pages of `docs/protocol`, as text: everything in them comes from the data in `lib/protocol`. */

const NOTICE = '<!-- Written by scripts/generate-protocol.ts from lib/protocol; edit the JSON files there. -->';

/** One page: its file name within `docs/protocol` and its text. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** A catalogue file as far as its page needs it. */
export interface CatalogueAbout {
  readonly name: string;
  readonly about: string;
  readonly source: string;
  readonly group: string;
  /** Types that the file itself lists, in its order. */
  readonly types: readonly string[];
}

/** All pages, the index first. */
export function renderPages(files: readonly CatalogueAbout[]): readonly Page[] {
  const pages = [
    ...files.map((file) => ({ file: `${file.name}.md`, text: eventsPage(file) })),
    { file: 'families.md', text: familiesPage() },
    { file: 'session-config.md', text: configPage() },
    { file: 'provider-errors.md', text: errorsPage() },
    { file: 'prices.md', text: pricesPage() },
    { file: 'secrets.md', text: secretsPage() },
  ];
  return [{ file: 'README.md', text: indexPage(files) }, ...pages];
}

function page(title: string, ...blocks: readonly string[]): string {
  return `${[NOTICE, `# ${title}`, ...blocks].join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const code = (text: string) => `\`${text}\``;

function indexPage(files: readonly CatalogueAbout[]): string {
  const rows = files.map((file) => [`[${file.name}](${file.name}.md)`, String(file.types.length), file.about]);
  return page(
    'Protocol reference',
    'What Deltascope knows of the wire. These pages are the catalogue in `lib/protocol`, rendered.',
    table(['Events', 'Types', 'About'], rows),
    [
      '- [Families](families.md): which events belong together, and when a gap is legitimate',
      '- [Session configuration](session-config.md): beta fields and their GA places',
      "- [Provider errors](provider-errors.md): providers' error codes and what they mean",
      '- [Prices](prices.md): with date and source',
      '- [Secrets](secrets.md): what is masked before anything is stored',
    ].join('\n'),
  );
}

function eventsPage(file: CatalogueAbout): string {
  const entries = allEntries().filter((entry) => entry.group === file.group && file.types.includes(entry.type));
  const direction = (wanted: CatalogueEntry['direction']) => entries.filter((entry) => entry.direction === wanted);
  return page(
    file.name,
    file.about,
    `Source: ${file.source}.`,
    ...section('From the client', direction('client_to_server')),
    ...section('From the server', direction('server_to_client')),
    ...section('In both directions', direction('both')),
  );
}

function section(title: string, entries: readonly CatalogueEntry[]): string[] {
  return entries.length === 0 ? [] : [`## ${title}`, ...entries.map(entryBlock)];
}

function entryBlock(entry: CatalogueEntry): string {
  const facts = [
    entry.renamedFrom.length > 0 ? `Before GA: ${entry.renamedFrom.map(code).join(', ')}.` : '',
    entry.canonicalType === entry.type ? '' : `Another name of ${code(entry.canonicalType)}.`,
    entry.until === null ? '' : 'No longer sent by OpenAI.',
    entry.opens.length > 0 ? `Begins: ${entry.opens.join(', ')}.` : '',
    entry.closes.length > 0 ? `Ends: ${entry.closes.join(', ')}.` : '',
    entry.usage.length > 0 ? `Usage: ${entry.usage.map((path) => code(path.join('.'))).join(', ')}.` : '',
    entry.bytes.length > 0 ? `Audio: ${entry.bytes.map((path) => code(path.join('.'))).join(', ')}.` : '',
    keysOf(entry.keys),
  ].filter((fact) => fact !== '');
  const fields = entry.fields.map((field) => [code(field.path), field.label, field.format]);
  return [
    `### ${code(entry.type)}`,
    entry.summary,
    facts.join(' '),
    fields.length === 0 ? '' : table(['Field', 'Meaning', 'Shown as'], fields),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function keysOf(keys: EntryKeys): string {
  const named = Object.entries(keys).filter(([name, paths]) => name !== 'event' && paths.length > 0);
  const texts = named.map(
    ([name, paths]) => `${name} = ${(paths as readonly (readonly string[])[]).map((path) => code(path.join('.'))).join(' or ')}`,
  );
  return texts.length === 0 ? '' : `Keys: ${texts.join(', ')}.`;
}

function familiesPage(): string {
  const rows = (kind: Family['kind']) =>
    FAMILIES.filter((family) => family.kind === kind).map((family) => [
      family.group,
      family.name,
      family.starts.map(code).join(', '),
      family.ends.map(code).join(', '),
      family.donePath === null ? 'nothing to compare' : `${code(family.donePath)} (${family.equal})`,
      family.key.join(', ') || 'the stream',
    ]);
  const head = ['Dialect', 'Family', 'Begins with', 'Ends with', 'Equal', 'Key'];
  const exceptions = FAMILIES.flatMap((family) =>
    family.exceptions.map((one) => [family.group, family.name, one.allows.replaceAll('_', ' '), whenOf(one), one.note]),
  );
  return page(
    'Families',
    'Events that belong together, under their canonical names. In a stream the pieces, put together, equal the field of the closing event.',
    '## Streams',
    table(head, rows('stream')),
    '## Pairs',
    table(head, rows('pair')),
    '## What is no fault',
    table(['Dialect', 'Family', 'Allowed', 'When', 'Why'], exceptions),
  );
}

function whenOf(exception: FamilyException): string {
  const texts = Object.entries(exception.when ?? {}).map(([name, value]) =>
    value === true ? name : `${name} ${Array.isArray(value) ? value.join(' or ') : String(value)}`,
  );
  return texts.length === 0 ? 'always' : texts.join(', ');
}

function configPage(): string {
  const rows = CONFIG_RENAMES.map((rename) => [code(rename.beta), code(rename.ga), valuesOf(rename.values)]);
  return page(
    'Session configuration',
    'The flat session of the beta shape and its places in GA. Paths are relative to the session object.',
    table(['Beta', 'GA', 'Values'], rows),
    `Only in GA: ${GA_ONLY_FIELDS.map(code).join(', ')}. Only in beta: ${BETA_ONLY_FIELDS.map(code).join(', ')}.`,
    `Not compared, because servers do not echo it faithfully: ${NOT_ECHOED.map(code).join(', ')}.`,
  );
}

function valuesOf(values: Readonly<Record<string, unknown>> | undefined): string {
  const pairs = Object.entries(values ?? {});
  return pairs.length === 0 ? 'the same' : pairs.map(([from, to]) => `${code(from)} → ${code(JSON.stringify(to))}`).join(', ');
}

function errorsPage(): string {
  const rows = PROVIDER_ERRORS.map((error) => [
    code(error.code),
    error.class,
    error.provider ?? error.dialect ?? '',
    error.hint === undefined ? error.meaning : `${error.meaning} ${error.hint}`,
  ]);
  return page(
    'Provider errors',
    'Codes in error events, failed responses and failed transcriptions. Fatal: the session is over or useless. Turn: one turn is lost. Race: harmless when rare. Configuration: the client must change what it sends.',
    table(['Code', 'Class', 'Only at', 'Meaning'], rows),
  );
}

function pricesPage(): string {
  const head = ['Models', 'Text in', 'cached', 'out', 'Audio in', 'cached', 'out', 'Image in', 'cached', 'Taken on', 'From'];
  const tokens = PRICES.filter((price) => price.perMillionTokens !== undefined).map(tokenRow);
  const minutes = PRICES.filter((price) => price.perMinute !== undefined).map((price) => [
    price.models.map(code).join(', '),
    String(price.perMinute),
    price.date,
    price.source,
  ]);
  return page(
    'Prices',
    `List prices in US dollars, put together on ${PRICES_COMPILED}. Verify before billing anyone; Azure's prices are regional and not here.`,
    '## Per million tokens',
    table(head, tokens),
    '## Per minute',
    table(['Models', 'US dollars', 'Taken on', 'From'], minutes),
  );
}

function tokenRow(price: Price): string[] {
  const p = price.perMillionTokens;
  const figures = [p?.textIn, p?.textCached, p?.textOut, p?.audioIn, p?.audioCached, p?.audioOut, p?.imageIn, p?.imageCached];
  return [price.models.map(code).join(', '), ...figures.map((figure) => figure?.toString() ?? '–'), price.date, price.source];
}

function secretsPage(): string {
  return page(
    'Secrets',
    'What stands at these paths of an event is masked before the event is stored. `*` is any index or key.',
    table(
      ['Path', 'Why'],
      SECRET_FIELDS.map((field) => [code(field.path.join('.')), field.why]),
    ),
  );
}
