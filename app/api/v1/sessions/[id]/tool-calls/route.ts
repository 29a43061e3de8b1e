import { listToolCalls } from '#lib/store/list-tool-calls.ts';
import { replyEntityPage } from '../../../_api/entity-page.ts';
import { LIST_TOOL_CALLS } from '../../../_api/operations.ts';
import { answer } from '../../../_api/reply.ts';

export const GET = answer(LIST_TOOL_CALLS, ({ params, query }) => replyEntityPage(params.id, query, listToolCalls));
