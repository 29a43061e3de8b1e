/** The columns of a long session as the API sends them; their home is `lib/session`, so that the store can make them too. */
export type { EventColumns, EventKind } from '#lib/session/event-columns.ts';
export { DIRECTIONS, expandSeqs } from '#lib/session/event-columns.ts';
