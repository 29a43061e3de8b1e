import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childEnv } from '#lib/config/env.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

const CLI = fileURLToPath(new URL('../../workers/cli/main.ts', import.meta.url));
const TRAFFIC = fileURLToPath(new URL('../../../shared/traffic/sessions', import.meta.url));

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let folder: string;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'deltascope-cli-'));
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function deltascope(...args: readonly string[]): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: childEnv({ DATABASE_URL: database.url, DELTASCOPE_DATA_DIR: join(folder, 'data') }),
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [status] = await once(child, 'close');
  return { status, output };
}

/** Ends the recorder of the import that runs, as a crash would, as soon as it is there. */
async function killRecorder(): Promise<void> {
  const data = join(folder, 'data');
  for (;;) {
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && commandLine(name).includes(`${data}/spool/import-`));
    if (pid !== undefined) {
      process.kill(Number(pid), 'SIGKILL');
      return;
    }
    await sleep(5);
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function fixture(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** Messages of the session that was imported from a file, in order. */
async function storedMessages(file: string) {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const rows = await client.query(
    `select e.seq, e.raw, e.raw_bytes, e.audio_offset, a.bytes as audio, e.direction, e.problem,
            (extract(epoch from e.at) * 1000000)::bigint as at, e.session_id
       from session s join event e on e.session_id = s.id
       left join event_audio a on a.session_id = e.session_id and a.seq = e.seq
      where s.source_sha256 = $1 order by e.session_id, e.seq`,
    [sha256],
  );
  return rows.rows.map((row) => ({ ...row, message: rebuilt(row) }));
}

function rebuilt(row: {
  raw: string | null;
  raw_bytes: Buffer | null;
  audio_offset: number | null;
  audio: Buffer | null;
}): Buffer {
  if (row.raw === null) return row.raw_bytes as Buffer;
  if (row.audio_offset === null) return Buffer.from(row.raw);
  return Buffer.from(row.raw.slice(0, row.audio_offset) + row.audio?.toString('base64') + row.raw.slice(row.audio_offset));
}

const AUDIO = Buffer.from(Array.from({ length: 4800 }, (_, index) => (index * 37) % 256)).toString('base64');
const FRAMES = [
  '{"t": 1738000000000, "dir": "server", "event": {"type": "session.created", "event_id":"event_1", "session": {"id":"sess_1"}}}',
  '{"t": 1738000000100.25, "dir": "client", "event": {"type":"input_audio_buffer.append","audio":"AAAA"}}',
  'this is not JSON',
  `{"t": 1738000000200, "dir": "server", "event": { "type" : "response.output_audio.delta", "delta": "${AUDIO}", "response_id":"resp_1" }}`,
  '{"t": null, "dir": null, "event": {"type":"nobody.knows.this", "n": 1e200000}}',
].join('\r\n');

describe('import', () => {
  test('stores every line in order, letter for letter, and reports the bad one by its number', async () => {
    const file = fixture('frames.jsonl', FRAMES);
    const { status, output } = await deltascope('import', file);
    expect(output).toContain('5 events');
    expect(output).toContain('line 3: The line is not JSON.');
    expect(status).toBe(0);
    const stored = await storedMessages(file);
    expect(stored.map((row) => row.message.toString())).toEqual([
      '{"type": "session.created", "event_id":"event_1", "session": {"id":"sess_1"}}',
      '{"type":"input_audio_buffer.append","audio":"AAAA"}',
      'this is not JSON',
      `{ "type" : "response.output_audio.delta", "delta": "${AUDIO}", "response_id":"resp_1" }`,
      '{"type":"nobody.knows.this", "n": 1e200000}',
    ]);
    expect(stored.map((row) => row.at)).toEqual(['1738000000000000', '1738000000100250', null, '1738000000200000', null]);
    expect(stored[2]?.problem).toBe('DS_PROTOCOL_NOT_JSON');
    expect(stored[4]?.direction).toBe('unknown');
  });

  test('of the same file twice says so and doubles nothing, unless asked to', async () => {
    const file = fixture(
      'twice.jsonl',
      '{"type":"session.created","session":{}}\n{"type":"response.created","response":{"id":"r"}}\n',
    );
    await deltascope('import', file);
    const second = await deltascope('import', file);
    expect(second.output).toContain('imported before');
    expect(second.status).toBe(0);
    expect(await storedMessages(file)).toHaveLength(2);
    await deltascope('import', '--again', file);
    expect(await storedMessages(file)).toHaveLength(4);
  });

  test('of a missing or empty file names it, and the other files are stored', async () => {
    const good = fixture('good.json', '[{"type":"session.created"},\n {"type":"response.create"}]');
    const { status, output } = await deltascope('import', join(folder, 'missing.jsonl'), good, fixture('empty.jsonl', ''));
    expect(status).toBe(1);
    expect(output.match(/DS_IMPORT_FILE_UNREADABLE/g)).toHaveLength(2);
    const stored = await storedMessages(good);
    expect(stored.map((row) => row.message.toString())).toEqual(['{"type":"session.created"}', '{"type":"response.create"}']);
    expect(stored.map((row) => row.direction)).toEqual(['server_to_client', 'client_to_server']);
  });

  test('of an export gives the same session again', async () => {
    const file = fixture('source.jsonl', FRAMES);
    await deltascope('import', '--again', file);
    const before = await storedMessages(file);
    const id = before[before.length - 1]?.session_id;
    const target = join(folder, 'exported.jsonl');
    expect(await deltascope('export', id, '--out', target)).toMatchObject({ status: 0 });
    await deltascope('import', target);
    const copies = await storedMessages(target);
    const originals = before.filter((row) => row.session_id === id);
    const facts = (rows: typeof before) =>
      rows.map(({ seq, message, at, direction, problem }) => ({ seq, message, at, direction, problem }));
    expect(facts(copies)).toEqual(facts(originals));
    const again = join(folder, 'exported-again.jsonl');
    await deltascope('export', copies[0]?.session_id, '--out', again);
    expect(eventLines(again)).toEqual(eventLines(target));
  });

  test('that is cut short keeps what it read, and the next one stores the rest exactly once', async () => {
    const lines = Array.from(
      { length: 30_000 },
      (_, index) => `{"type":"response.output_text.delta","response_id":"r","delta":"${index}"}`,
    );
    const file = fixture('large.jsonl', lines.join('\n'));
    const importing = deltascope('import', file);
    await killRecorder();
    const cut = await importing;
    expect(cut.output).toContain('DS_IMPORT_FAILED');
    expect(cut.status).toBe(1);
    const next = await deltascope('import', fixture('after.jsonl', '{"type":"session.created"}\n'));
    expect(next.output).toContain('Going on with an import that was cut short');
    const stored = await storedMessages(file);
    expect(stored.map((row) => row.seq)).toEqual(lines.map((_, index) => index + 1));
    expect(stored.every((row, index) => row.message.toString() === lines[index])).toBe(true);
  });

  test('export and erase of an unknown session say so', async () => {
    for (const command of ['export', 'erase']) {
      const { status, output } = await deltascope(command, '0199a000-0000-7000-8000-000000000001');
      expect(output).toContain('DS_CLI_SESSION_UNKNOWN');
      expect(status).toBe(1);
    }
  });

  test('erase deletes a session everywhere', async () => {
    const file = fixture('erase.jsonl', '{"type":"session.created","session":{"id":"gone"}}\n');
    await deltascope('import', file);
    const [row] = await storedMessages(file);
    expect(await deltascope('erase', row?.session_id)).toMatchObject({ status: 0 });
    expect(await storedMessages(file)).toEqual([]);
  });
});

/** The message lines of an export: all but its first, which names the session. */
function eventLines(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n').slice(1);
}

describe.skipIf(!existsSync(TRAFFIC))('recorded sessions (skipped where ../shared/traffic is absent)', () => {
  test('all import with as many events as lines, each the exact source text of its line', { timeout: 300_000 }, async () => {
    const files = readdirSync(TRAFFIC)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(TRAFFIC, name));
    const { status } = await deltascope('import', ...files);
    expect(status).toBe(0);
    const seen = new Set<string>();
    for (const file of files) {
      const content = readFileSync(file, 'utf8');
      if (seen.has(content)) continue;
      seen.add(content);
      const lines = content.split('\n').filter((line) => line !== '');
      const stored = await storedMessages(file);
      expect(stored.length, basename(file)).toBe(lines.length);
      for (const [index, line] of lines.entries()) {
        const raw = stored[index]?.message.toString() ?? '';
        const start = line.indexOf('"event": ') + '"event": '.length;
        expect(line.startsWith(raw, start), `${basename(file)} line ${index + 1}`).toBe(true);
        expect(JSON.parse(raw)).toEqual(JSON.parse(line).event);
      }
    }
  });
});
