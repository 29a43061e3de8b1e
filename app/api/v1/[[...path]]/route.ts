import { DeltascopeError } from '#lib/base/errors.ts';
import { replyError } from '../_api/reply.ts';

/** Whatever is no path of the API is answered as the API answers, whatever is asked of it. */
function answerNothing(request: Request): Response {
  return replyError(new DeltascopeError('DS_API_NOT_FOUND', `${new URL(request.url).pathname} is no path of the API.`));
}

export { answerNothing as DELETE, answerNothing as GET, answerNothing as PATCH, answerNothing as POST, answerNothing as PUT };
