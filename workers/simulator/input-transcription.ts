import type { JsonObject } from '#lib/base/json.ts';
import type { StoredItem } from './conversation.ts';
import type { ProviderClock } from './provider-clock.ts';
import type { Random } from './random.ts';
import { splitWords } from './speech.ts';
import { countTextTokens } from './token-count.ts';
import { randomBase62 } from './wire-ids.ts';

interface TranscriptionInput {
  readonly item: StoredItem;
  readonly model: string;
  readonly clock: ProviderClock;
  readonly random: Random;
  emit(event: JsonObject): void;
}

/** Transcribes one spoken turn beside the response, as the provider does: deltas, then `completed`; there is no `done`. */
export async function transcribeInput({ item, model, clock, random, emit }: TranscriptionInput): Promise<void> {
  const event = (end: string, fields: JsonObject): JsonObject => ({
    type: `conversation.item.input_audio_transcription.${end}`,
    item_id: item.id,
    content_index: 0,
    ...fields,
  });
  await clock.wait(random.between(150, 400));
  for (const delta of splitWords(item.said)) {
    emit(event('delta', { delta, obfuscation: randomBase62(16 - (delta.length % 16)) }));
    await clock.wait(random.between(15, 40));
  }
  item.wire = { ...item.wire, content: [{ type: 'input_audio', transcript: item.said }] };
  emit(event('completed', { transcript: item.said, usage: transcriptionUsage(item, model) }));
}

/** Models priced by the minute report seconds, the others tokens. */
function transcriptionUsage(item: StoredItem, model: string): JsonObject {
  if (model.includes('whisper')) return { type: 'duration', seconds: Math.ceil(item.audioMs / 1000) };
  const output = countTextTokens(item.said);
  return {
    type: 'tokens',
    total_tokens: item.tokens.audio + output,
    input_tokens: item.tokens.audio,
    input_token_details: { text_tokens: 0, audio_tokens: item.tokens.audio },
    output_tokens: output,
  };
}
