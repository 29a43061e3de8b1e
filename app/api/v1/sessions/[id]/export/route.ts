import { Readable } from 'node:stream';
import { exportLines } from '#lib/import/export-session.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { streamExport } from '#lib/store/stream-export.ts';

import { EXPORT_SESSION } from '../../../_api/operations.ts';
import { answer, found } from '../../../_api/reply.ts';

export const GET = answer(EXPORT_SESSION, async ({ params }) => {
  const parts = found(await streamExport(sharedStore(), params.id), `Session ${params.id}`);
  const lines = Readable.toWeb(Readable.from(exportLines(parts), { objectMode: false }));
  return new Response(lines as ReadableStream, {
    headers: {
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="deltascope-${params.id}.jsonl"`,
    },
  });
});
