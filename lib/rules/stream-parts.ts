import type { EventKeys } from '#lib/protocol/decode.ts';
import type { Family } from '#lib/protocol/families.ts';
import { MAX_OPEN } from './bounded-record.ts';

/**
 * The parts of responses and items that are being streamed, and which of them an event belongs to. Ids are not always what they
 * should be: xAI's argument deltas lack the output index, and proxies (Copilot) give every event of an item another item id. So two
 * events belong together where response and content index agree and either the item or the output index does.
 */
export type StreamPlace = {
  family: string;
  responseId: string | null;
  itemId: string | null;
  outputIndex: number | null;
  contentIndex: number | null;
};

/** Where an event of a family stands. Input transcription hangs on its item alone, not on any response. */
export function placeOf(keys: EventKeys, family: Family): StreamPlace {
  const { itemId, outputIndex, contentIndex } = keys;
  const responseId = isOfResponse(family) ? keys.responseId : null;
  return { family: family.name, responseId, itemId, outputIndex, contentIndex };
}

/** Whether a family streams parts of responses, rather than of the user's items. */
export function isOfResponse(family: Family): boolean {
  return family.group !== 'realtime' || family.key.includes('response');
}

/** Index of the part that a place belongs to, newest first; -1 where there is none. */
export function findPart(parts: readonly StreamPlace[], place: StreamPlace): number {
  for (let index = parts.length - 1; index >= 0; index -= 1) if (isSamePart(parts[index] as StreamPlace, place)) return index;
  return -1;
}

function isSamePart(a: StreamPlace, b: StreamPlace): boolean {
  if (a.family !== b.family || a.responseId !== b.responseId) return false;
  if (a.contentIndex !== b.contentIndex && a.contentIndex !== null && b.contentIndex !== null) return false;
  if (a.outputIndex !== null && a.outputIndex === b.outputIndex) return true;
  return a.itemId === b.itemId && (a.itemId !== null || a.outputIndex === null || b.outputIndex === null);
}

/** A copy with one more part; beyond `MAX_OPEN` the oldest is forgotten. */
export function withPart<Part>(parts: readonly Part[], part: Part): Part[] {
  return [...parts.slice(Math.max(0, parts.length + 1 - MAX_OPEN)), part];
}

/** A name for a part that is the same in every replay, from what its closing event says. */
export function partKey({ family, responseId, itemId, outputIndex, contentIndex }: StreamPlace): string {
  return [family, responseId, itemId ?? outputIndex, contentIndex].map((part) => part ?? '-').join(' ');
}

/** Whether a part belongs to the one response of a Responses stream, whose deltas do not name it. */
export function isOfStream({ responseId, family }: StreamPlace): boolean {
  return responseId === null && family !== 'input transcription';
}
