import { isUtf8 } from 'node:buffer';
import { readEvent } from '#lib/store/read-event.ts';
import { sharedStore } from '#lib/store/shared-store.ts';
import { isoTimes } from '../../../../_api/iso-times.ts';
import { READ_EVENT } from '../../../../_api/operations.ts';
import { answer, found, replyJson } from '../../../../_api/reply.ts';

export const GET = answer(READ_EVENT, async ({ params }) => {
  const stored = await readEvent(sharedStore(), params.id, params.seq);
  const { row, payload, sha256, isIntact } = found(stored, `Event ${params.seq} of session ${params.id}`);
  const bytes = Buffer.from(payload);
  const body = isUtf8(bytes) ? { text: bytes.toString(), base64: null } : { text: null, base64: bytes.toString('base64') };
  return replyJson({ event: isoTimes(row), ...body, sha256, isIntact });
});
