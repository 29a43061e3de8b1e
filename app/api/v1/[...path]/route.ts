import { DeltascopeError } from '#lib/base/errors.ts';
import { replyError } from '../_api/reply.ts';

/** Whatever is no path of the API is answered as the API answers. */
export function GET(request: Request): Response {
  return replyError(new DeltascopeError('DS_API_NOT_FOUND', `${new URL(request.url).pathname} is no path of the API.`));
}
