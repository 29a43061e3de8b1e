import type { Element, ElementType } from './binary-array.ts';
import { encodeArray } from './binary-array.ts';

/** One statement of a batch, its parameters encoded once: a retry sends the same bytes again. */
export interface PreparedStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A column of a table: where its values come from, how they travel, and what they are cast to when they have arrived. */
export interface Column<Row> {
  readonly name: string;
  readonly type: ElementType;
  readonly read: (row: Row) => Element;
  /** Type that the element is cast to inside the statement, e.g. `jsonb`, `"Direction"`. */
  readonly cast?: string;
}

/** What one statement does with many rows. */
export interface TableWrite<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sql: string;
}

/** `insert … select … from unnest(…)`, with the rest of the statement (`on conflict …`) as given. */
export function insertRows<Row>(table: string, columns: readonly Column<Row>[], rest = ''): TableWrite<Row> {
  const names = columns.map((column) => column.name).join(', ');
  return { columns, sql: `insert into ${table} (${names}) select ${castNames(columns)} from ${unnestColumns(columns)} ${rest}` };
}

/** Inserts rows; a row whose key exists is overwritten. */
export function upsertRows<Row>(table: string, keys: readonly string[], columns: readonly Column<Row>[]): TableWrite<Row> {
  const updates = columns.map((column) => column.name).filter((name) => !keys.includes(name));
  const assignments = updates.map((name) => `${name} = excluded.${name}`).join(', ');
  return insertRows(table, columns, `on conflict (${keys.join(', ')}) do update set ${assignments}`);
}

/** Overwrites the columns that are not keys, in rows that exist. */
export function updateRows<Row>(table: string, keys: readonly string[], columns: readonly Column<Row>[]): TableWrite<Row> {
  const assignments = columns.filter(({ name }) => !keys.includes(name)).map((column) => `${column.name} = ${castName(column)}`);
  const matches = keys.map((key) => `${table}.${key} = u.${key}`).join(' and ');
  return { columns, sql: `update ${table} set ${assignments.join(', ')} from ${unnestColumns(columns)} where ${matches}` };
}

/** The statement for these rows; none for no rows. */
export function prepareRows<Row>(write: TableWrite<Row>, rows: readonly Row[]): readonly PreparedStatement[] {
  if (rows.length === 0) return [];
  return [{ sql: write.sql, parameters: write.columns.map((column) => encodeArray(column.type, rows, column.read)) }];
}

/** Arrays side by side, a row each. In the select list they run in step; as functions in `from` each would be written out first. */
export function unnestColumns<Row>(columns: readonly Column<Row>[]): string {
  const lists = columns.map((column, index) => `unnest($${index + 1}::${column.type}[]) as ${column.name}`);
  return `(select ${lists.join(', ')}) as u`;
}

function castNames<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(castName).join(', ');
}

function castName<Row>(column: Column<Row>): string {
  return column.cast === undefined ? `u.${column.name}` : `u.${column.name}::${column.cast}`;
}

/**
 * Several statements as one, so that a batch is one trip to the database and commits by itself: `first` is done before any row is
 * written (each part reads its rows beside it), `last` is the query. All parts see the database as it was before; no two of them may
 * change the same row.
 */
export function joinStatements(
  first: PreparedStatement,
  parts: readonly PreparedStatement[],
  last: PreparedStatement,
): PreparedStatement {
  const parameters: unknown[] = [];
  const renumber = (statement: PreparedStatement): string => {
    const before = parameters.length;
    parameters.push(...statement.parameters);
    return statement.sql.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + before}`);
  };
  const opening = `with first as materialized (${renumber(first)})`;
  const named = parts.map((part, index) => `part${index} as (${renumber(part).replace(/\) as u\b/, ' from first) as u')})`);
  return { sql: `${[opening, ...named].join(',\n')}\n${renumber(last)} from first`, parameters };
}
