import { listTurns } from '#lib/store/list-turns.ts';
import { replyEntityPage } from '../../../_api/entity-page.ts';
import { LIST_TURNS } from '../../../_api/operations.ts';
import { answer } from '../../../_api/reply.ts';

export const GET = answer(LIST_TURNS, ({ params, query }) => replyEntityPage(params.id, query, listTurns));
