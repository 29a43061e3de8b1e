import { objectAt, stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { costOf } from '#lib/protocol/prices.ts';
import type { UsageTotals } from '#lib/protocol/usage.ts';
import { addUsage, readUsage } from '#lib/protocol/usage.ts';
import type { FoldEvent, Handlers } from './fold-event.ts';
import type { ResponseEntity, SessionState } from './state.ts';

/**
 * Tokens, seconds and their price. Responses are charged once, at their first terminal event with usage; input transcription comes on top, once for each part of an item;
 * sessions billed by time report a growing total, of which the highest counts.
 */

/** Usage handlers of server events. */
export const usageServerHandlers: Handlers = {
  'conversation.item.input_audio_transcription.completed': transcriptionBilled,
  'transcription.done': transcriptionBilled,
  'session.usage.updated': secondsBilled,
  'session.closed': secondsBilled,
};

/** Charges a response for what its terminal event reports; nothing where it was charged before. */
export function chargeResponse(state: SessionState, response: ResponseEntity, decoded: DecodedEvent, model: string | null): void {
  if (response.row.usage !== null) return;
  const usage = readUsage(decoded.body, state.dialect.dialect);
  if (usage === null) return;
  response.row.usage = usage;
  response.row.costUsd = charge(state, usage, model);
}

function transcriptionBilled(state: SessionState, _event: FoldEvent, decoded: DecodedEvent): void {
  if (stringAt(decoded.body, 'status') === 'in_progress') return;
  const usage = readUsage(decoded.body, state.dialect.dialect);
  if (usage !== null && markBilled(state, decoded)) charge(state, usage, transcriptionModel(state));
}

/** False where the part of the item was billed before: its closing event has come twice. */
function markBilled(state: SessionState, { keys }: DecodedEvent): boolean {
  const item = keys.itemId === null ? undefined : state.items.live.get(keptId(keys.itemId));
  const part = item?.parts.find(({ index }) => index === (keys.contentIndex ?? 0));
  if (part === undefined) return true;
  const isFirst = !part.billed;
  part.billed = true;
  return isFirst;
}

function secondsBilled(state: SessionState, _event: FoldEvent, decoded: DecodedEvent): void {
  const usage = readUsage(decoded.body, state.dialect.dialect);
  if (usage === null || usage.seconds <= state.billedSeconds) return;
  const more = { ...usage, seconds: usage.seconds - state.billedSeconds };
  state.billedSeconds = usage.seconds;
  charge(state, more, state.row.model);
}

/** Adds to the session's totals and returns the price, or null where the model has none. */
function charge(state: SessionState, usage: UsageTotals, model: string | null): number | null {
  state.row.usage = addUsage(state.row.usage, usage);
  const cost = costOf(usage, model);
  if (cost === null || !Number.isFinite(cost.usd)) {
    if (usage.totalTokens + usage.transcriptionTokens + usage.seconds > 0) state.row.costEstimated = true;
    return null;
  }
  state.row.costUsd = (state.row.costUsd ?? 0) + cost.usd;
  if (cost.estimated) state.row.costEstimated = true;
  return cost.usd;
}

function transcriptionModel(state: SessionState): string | null {
  const config = state.row.effectiveConfig;
  const nested = objectAt(objectAt(objectAt(config, 'audio'), 'input'), 'transcription');
  return stringAt(nested ?? objectAt(config, 'input_audio_transcription'), 'model') ?? null;
}
