import { stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Family } from '#lib/protocol/families.ts';
import { entryOf, MAX_OPEN } from './bounded-record.ts';

/**
 * The parts of responses and items that are being streamed, and which of them an event belongs to. Ids are not always what they
 * should be: xAI's argument deltas lack the output index, and proxies (Copilot) give every event of an item another item id. So two
 * events belong together where owner and content index agree and either the item or the output index does. But two items that
 * were both announced are two, even where a proxy gives them one output index.
 */
export type StreamPlace = {
  family: string;
  /** See `ownerOf`; null for what hangs on an item alone, as input transcription does. */
  owner: string | null;
  responseId: string | null;
  itemId: string | null;
  /** Whether `response.output_item.added` named the item. */
  isAnnounced: boolean;
  outputIndex: number | null;
  contentIndex: number | null;
};

/** Items that `response.output_item.added` named. */
export type Announced = { readonly [itemId: string]: true };

/** Where an event of a family stands. */
export function placeOf(event: DecodedEvent, family: Family, announced: Announced): StreamPlace {
  const { itemId, outputIndex, contentIndex, responseId } = event.keys;
  const isAnnounced = itemId !== null && entryOf(announced, itemId) === true;
  const ofResponse = isOfResponse(family) ? { owner: ownerOf(event), responseId } : { owner: null, responseId: null };
  return { family: family.name, ...ofResponse, itemId, isAnnounced, outputIndex, contentIndex };
}

/**
 * Whose parts an event speaks of: those of its response, or, in a Responses stream, whose deltas name no response, those of the one
 * response that is open on its lane (`stream_id`, mostly absent). Null where a Realtime event names no response.
 */
export function ownerOf({ body, entry, keys }: DecodedEvent): string | null {
  return entry?.group === 'responses' ? `lane ${keptId(stringAt(body, 'stream_id') ?? '')}` : keys.responseId;
}

/** Whether a family streams parts of responses, rather than of the user's items. */
export function isOfResponse(family: Family): boolean {
  return family.group !== 'realtime' || family.key.includes('response');
}

/** Index of the part that a place belongs to, newest first; -1 where there is none. */
export function findPart(parts: readonly StreamPlace[], place: StreamPlace): number {
  return parts.findLastIndex((part) => isSamePart(part, place));
}

function isSamePart(a: StreamPlace, b: StreamPlace): boolean {
  if (a.family !== b.family || a.owner !== b.owner) return false;
  if (a.contentIndex !== b.contentIndex && a.contentIndex !== null && b.contentIndex !== null) return false;
  if (a.itemId !== b.itemId && a.isAnnounced && b.isAnnounced) return false;
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
