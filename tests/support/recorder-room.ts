import { afterEach, beforeEach } from 'vitest';
import type { SpoolWriter } from '#lib/spool/writer.ts';
import { openSpoolWriter } from '#lib/spool/writer.ts';
import type { Store } from '#lib/store/connect.ts';
import { temporaryFolder } from './recording.ts';
import { makeTestStore } from './test-store.ts';

/** What a recorder needs in a test: a database for the file, and for each test a spool with a writer. */
export interface RecorderRoom {
  readonly store: Store;
  readonly databaseUrl: string;
  /** Folder of the spool. */
  readonly folder: string;
  /** Name under which the recorder keeps its place in that spool. */
  readonly spool: string;
  readonly writer: SpoolWriter;
  /** Another writer on the same spool, as a tap that starts anew; it is closed in the place of the first. */
  reopenWriter(): SpoolWriter;
}

export interface RecorderRoomOptions {
  readonly segmentBytes?: number;
  readonly maxBytes?: number;
}

/** Makes the room before the tests of this file, and clears it away behind them. */
export function makeRecorderRoom(name: string, options: RecorderRoomOptions = {}): RecorderRoom {
  let folder: ReturnType<typeof temporaryFolder>;
  let writer: SpoolWriter;
  let spools = 0;
  const database = makeTestStore();
  const openWriter = () =>
    openSpoolWriter({ folder: folder.path, segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3, ...options });
  beforeEach(() => {
    folder = temporaryFolder(`recorder-${name}`);
    writer = openWriter();
    spools += 1;
  });
  afterEach(() => {
    writer.close();
    folder.remove();
  });
  return {
    get store() {
      return database.store;
    },
    get databaseUrl() {
      return database.url;
    },
    get folder() {
      return folder.path;
    },
    get spool() {
      return `${name}-${spools}`;
    },
    get writer() {
      return writer;
    },
    reopenWriter() {
      writer = openWriter();
      return writer;
    },
  };
}
