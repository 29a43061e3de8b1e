import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/**
 * The yardstick: the rows that the recorder stored, copied by `COPY` into tables of the same shape, with the same indexes and
 * partitions. Only rows of events and their audio; what is folded from them is the recorder's own extra work.
 */

const TABLES = ['event', 'event_audio'] as const;

/** `text` is what `COPY` does unless told otherwise, and the yardstick; `binary` is the least that PostgreSQL can do with these rows. */
export type CopyFormat = 'text' | 'binary';

const FORMATS = ['text', 'binary'] as const;

/** Makes `event_copied` and `event_audio_copied`, partitioned and indexed as the originals are. */
export async function makeCopyTables(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const table of TABLES) {
      await client.query(`create table ${table}_copied (like ${table} including all) partition by range (session_id)`);
      const partitions = await client.query<{ name: string; bounds: string }>(
        `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
         from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
        [table],
      );
      for (const { name, bounds } of partitions.rows) {
        await client.query(`create table ${name}_copied partition of ${table}_copied ${bounds}`);
        if (table === 'event_audio') await client.query(`alter table ${name}_copied alter column bytes set storage external`);
      }
    }
  });
}

/** Writes the stored rows to files, in both forms. */
export async function saveRows(url: string, folder: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const table of TABLES) {
      for (const format of FORMATS) {
        const rows = client.query(copyTo(`copy (select * from ${table}) to stdout (format ${format})`));
        await pipeline(rows, createWriteStream(`${folder}/${table}.${format}`));
      }
    }
  });
}

/** Copies the saved rows into the empty tables, in one transaction; returns the milliseconds it took. */
export async function copyRows(url: string, folder: string, format: CopyFormat): Promise<number> {
  return withClient(url, async (client) => {
    await client.query(`truncate ${TABLES.map((table) => `${table}_copied`).join(', ')}`);
    await client.query('checkpoint');
    const startedMs = performance.now();
    await client.query('begin');
    for (const table of TABLES) {
      const file = createReadStream(`${folder}/${table}.${format}`, { highWaterMark: 1 << 20 });
      await pipeline(file, client.query(copyFrom(`copy ${table}_copied from stdin (format ${format})`)));
    }
    await client.query('commit');
    return performance.now() - startedMs;
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
