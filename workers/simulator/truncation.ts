import type { JsonObject } from '#lib/base/json.ts';
import { arrayAt, isJsonObject } from '#lib/base/json.ts';
import { bytesPerMs } from './audio-format.ts';
import type { StoredItem } from './conversation.ts';
import { missingParameter, wrongType } from './field-check.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import { countAssistantTokens } from './token-count.ts';

/** The `audio_end_ms` of a `conversation.item.truncate` for an item that exists, or why it is refused. */
export function checkTruncation(item: StoredItem, event: JsonObject): number | Refusal {
  const audioEndMs = event['audio_end_ms'];
  if (item.wire['role'] !== 'assistant' || item.audioMs === 0) {
    return refuse('unsupported_content_type', 'Only model output audio messages can be truncated', 'item_id');
  }
  if (audioEndMs === undefined) return missingParameter('audio_end_ms');
  if (typeof audioEndMs !== 'number' || !Number.isInteger(audioEndMs)) return wrongType(audioEndMs, 'an integer', 'audio_end_ms');
  if (audioEndMs < 0) return refuse('invalid_value', "Invalid 'audio_end_ms': expected a value of at least 0.", 'audio_end_ms');
  const lengthMs = Math.floor(item.audioMs);
  if (audioEndMs <= lengthMs) return audioEndMs;
  return refuse('invalid_value', `Audio content of ${lengthMs}ms is already shorter than ${audioEndMs}ms`, 'audio_end_ms');
}

/** Cuts the sound and drops the transcript, which no longer says what was heard. */
export function truncateItem(item: StoredItem, audioEndMs: number): void {
  const perMs = item.audio.length === 0 ? bytesPerMs('pcm16') : item.audio.length / item.audioMs;
  item.audio = item.audio.subarray(0, Math.round(audioEndMs * perMs));
  item.audioMs = audioEndMs;
  item.tokens = { text: 0, audio: countAssistantTokens(audioEndMs) };
  const content = arrayAt(item.wire, 'content').map((part) => {
    if (!isJsonObject(part)) return part;
    const { transcript: _heard, ...rest } = part;
    return rest;
  });
  item.wire = { ...item.wire, content };
}
