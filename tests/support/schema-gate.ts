import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { childEnv } from '#lib/config/env.ts';

/** The schema twice: as Prisma reads `schema.prisma`, and as PostgreSQL has it after the migrations. Each as one line per fact. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GENERATOR = fileURLToPath(new URL('print-data-model.ts', import.meta.url));

interface Dmmf {
  readonly datamodel: {
    readonly enums: readonly { readonly name: string; readonly values: readonly { readonly name: string }[] }[];
    readonly models: readonly Model[];
  };
}

interface Model {
  readonly name: string;
  readonly dbName: string | null;
  readonly fields: readonly Field[];
  readonly primaryKey: { readonly fields: readonly string[] } | null;
}

interface Field {
  readonly name: string;
  readonly dbName?: string;
  readonly kind: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly isId: boolean;
  readonly nativeType?: readonly [string, readonly string[]] | null;
}

/** The facts that `prisma/schema.prisma` states. */
export function factsOfDataModel(): readonly string[] {
  const { enums, models } = readDmmf().datamodel;
  return [
    ...enums.map(({ name, values }) => `enum ${name}: ${values.map((value) => value.name).join(', ')}`),
    ...models.flatMap(factsOfModel),
  ].sort();
}

/** The facts of a migrated database. Partitions are their parent's affair. */
export async function factsOfCatalog(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ fact: string }>(CATALOG);
    return rows.map((row) => row.fact).sort();
  } finally {
    await client.end();
  }
}

const CATALOG = `
  with tables as (
    select c.oid, c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '_prisma_migrations'
  )
  select format('enum %s: %s', t.typname, string_agg(e.enumlabel, ', ' order by e.enumsortorder)) as fact
  from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname
  union all
  select format('column %s.%s: %s%s', t.relname, a.attname, replace(format_type(a.atttypid, a.atttypmod), '"', ''),
    case when a.attnotnull then ' not null' when format_type(a.atttypid, a.atttypmod) like '%[]' then ' not null' else '' end)
  from tables t join pg_attribute a on a.attrelid = t.oid where a.attnum > 0 and not a.attisdropped
    -- Prisma's data model leaves out what it cannot read.
    and format_type(a.atttypid, a.atttypmod) <> 'tsvector'
  union all
  select format('key %s: %s', t.relname, string_agg(a.attname, ', ' order by k.place))
  from tables t join pg_constraint c on c.conrelid = t.oid and c.contype = 'p'
  cross join unnest(c.conkey) with ordinality k(attnum, place)
  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum group by t.relname`;

function readDmmf(): Dmmf {
  const folder = mkdtempSync(join(tmpdir(), 'deltascope-schema-'));
  try {
    const output = join(folder, 'dmmf.json');
    const schema = readFileSync(join(ROOT, 'prisma/schema.prisma'), 'utf8').replace(/^generator client \{[^}]*\}/m, '');
    const generator = `generator printed {\n  provider = "${process.execPath} ${GENERATOR}"\n  output = "${output}"\n}\n`;
    writeFileSync(join(folder, 'schema.prisma'), `${generator}${schema}`);
    const prisma = join(ROOT, 'node_modules/prisma/build/index.js');
    const run = spawnSync(process.execPath, [prisma, 'generate', '--schema', join(folder, 'schema.prisma')], {
      cwd: ROOT,
      encoding: 'utf8',
      env: childEnv({ PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }),
    });
    if (run.status !== 0) throw new Error(`prisma generate: ${run.stdout}${run.stderr}`);
    return JSON.parse(readFileSync(output, 'utf8')) as Dmmf;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function factsOfModel(model: Model): readonly string[] {
  const table = model.dbName ?? model.name;
  const columns = model.fields.filter((field) => field.kind !== 'object');
  const nameOf = (name: string) => columns.find((field) => field.name === name)?.dbName ?? name;
  const keys = model.primaryKey?.fields ?? columns.filter((field) => field.isId).map((field) => field.name);
  return [
    ...columns.map(
      (field) => `column ${table}.${field.dbName ?? field.name}: ${typeOf(field)}${field.isRequired ? ' not null' : ''}`,
    ),
    `key ${table}: ${keys.map(nameOf).join(', ')}`,
  ];
}

const PLAIN_TYPES: Readonly<Record<string, string>> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Boolean: 'boolean',
  Json: 'jsonb',
  Bytes: 'bytea',
};

function typeOf(field: Field): string {
  const list = field.isList ? '[]' : '';
  if (field.kind === 'enum') return `${field.type}${list}`;
  const [native, settings] = field.nativeType ?? [null, []];
  if (native === 'Uuid') return `uuid${list}`;
  if (native === 'Timestamptz') return `timestamp(${settings[0]}) with time zone${list}`;
  return `${PLAIN_TYPES[field.type] ?? field.type}${list}`;
}
