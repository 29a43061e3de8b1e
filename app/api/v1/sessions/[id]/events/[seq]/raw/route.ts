import { readEvent } from '#lib/store/read-event.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { READ_RAW } from '../../../../../_api/operations.ts';
import { answer, found } from '../../../../../_api/reply.ts';

const MEDIA_TYPES = { json: 'application/json', text: 'text/plain; charset=utf-8', binary: 'application/octet-stream' } as const;

export const GET = answer(READ_RAW, async ({ params }) => {
  const stored = await readEvent(sharedStore(), params.id, params.seq);
  const { row, payload, sha256, isIntact } = found(stored, `Event ${params.seq} of session ${params.id}`);
  return new Response(Buffer.from(payload), {
    headers: {
      'content-type': MEDIA_TYPES[row.format],
      'cache-control': 'no-store',
      'x-deltascope-sha256': sha256,
      'x-deltascope-intact': String(isIntact),
    },
  });
});
