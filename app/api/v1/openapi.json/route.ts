import { makeOpenApiDocument } from '../_api/openapi.ts';
import { DESCRIBE_API } from '../_api/operations.ts';
import { answer, replyJson } from '../_api/reply.ts';

export const GET = answer(DESCRIBE_API, async () => replyJson(makeOpenApiDocument()));
