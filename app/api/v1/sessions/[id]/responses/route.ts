import { listResponses } from '#lib/store/list-responses.ts';
import { replyEntityPage } from '../../../_api/entity-page.ts';
import { LIST_RESPONSES } from '../../../_api/operations.ts';
import { answer } from '../../../_api/reply.ts';

export const GET = answer(LIST_RESPONSES, ({ params, query }) => replyEntityPage(params.id, query, listResponses));
