import { keptIdOrNull, storable } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { renderNote } from '#lib/protocol/note.ts';
import type { FoldEvent } from './fold-event.ts';
import type { EventFlag, EventRow } from './view.ts';
import { wireWord } from './wire-text.ts';

/** What the recorder knows of a message beside what is folded. */
export interface RowInput extends FoldEvent {
  readonly format: EventRow['format'];
  /** What happened to the message while it was recorded. */
  readonly flags: readonly EventFlag[];
}

/** The message's row in the list: ids and types bounded and storable, flagged where that changed them. */
export function toEventRow(input: RowInput): EventRow {
  const { decoded } = input;
  const base = {
    seq: input.seq,
    at: input.at,
    direction: input.direction,
    byteLength: input.byteLength,
    audioBytes: input.audioBytes,
    format: input.format,
  };
  if (!decoded.ok)
    return { ...base, ...NO_KEYS, problem: decoded.code, flags: input.flags, note: storable(decoded.detail).slice(0, MAX_NOTE) };
  const keys = {
    type: wireWord(decoded.type) ?? '',
    canonicalType: wireWord(decoded.canonicalType) ?? '',
    eventId: keptIdOrNull(decoded.keys.eventId),
    responseId: keptIdOrNull(decoded.keys.responseId),
    itemId: keptIdOrNull(decoded.keys.itemId),
    callId: keptIdOrNull(decoded.keys.callId),
  };
  const note = renderNote(decoded);
  return {
    ...base,
    ...keys,
    problem: null,
    flags: flagsOf(input.flags, decoded, keys),
    note: note === null ? null : storable(note),
  };
}

const MAX_NOTE = 160;

const NO_KEYS = { type: '', canonicalType: '', eventId: null, responseId: null, itemId: null, callId: null } as const;

function flagsOf(
  flags: readonly EventFlag[],
  { type, keys: wire, entry }: DecodedEvent,
  keys: Record<'type' | 'eventId' | 'responseId' | 'itemId' | 'callId', string | null>,
): readonly EventFlag[] {
  const changed =
    keys.type !== type ||
    keys.eventId !== wire.eventId ||
    keys.responseId !== wire.responseId ||
    keys.itemId !== wire.itemId ||
    keys.callId !== wire.callId;
  const more: EventFlag[] = [];
  if (entry === null && !flags.includes('unknown_type')) more.push('unknown_type');
  if (changed && !flags.includes('sanitised')) more.push('sanitised');
  return more.length === 0 ? flags : [...flags, ...more];
}
