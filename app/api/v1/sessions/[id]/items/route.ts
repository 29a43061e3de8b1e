import { listItems } from '#lib/store/list-items.ts';
import { replyEntityPage } from '../../../_api/entity-page.ts';
import { LIST_ITEMS } from '../../../_api/operations.ts';
import { answer } from '../../../_api/reply.ts';

export const GET = answer(LIST_ITEMS, ({ params, query }) => replyEntityPage(params.id, query, listItems));
