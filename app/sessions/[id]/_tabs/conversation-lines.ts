import type { ItemView, ResponseView, ToolCallView, TurnView } from '#lib/session/view.ts';

/** What the conversation shows, in the order in which it began. */
export type ConversationLine =
  | {
      readonly kind: 'speech';
      readonly seq: number;
      readonly item: ItemView;
      readonly speaker: 'user' | 'assistant' | 'system';
      /** Speech stop → first audio, where this answers speech. */
      readonly voiceToVoiceMs: number | null;
      /** The response was cancelled while it was being said. */
      readonly interrupted: string | null;
    }
  | { readonly kind: 'tool'; readonly seq: number; readonly call: ToolCallView }
  | { readonly kind: 'cancelled'; readonly seq: number; readonly response: ResponseView }
  | { readonly kind: 'failed'; readonly seq: number; readonly response: ResponseView };

interface Parts {
  readonly items: readonly ItemView[];
  readonly toolCalls: readonly ToolCallView[];
  readonly responses: readonly ResponseView[];
  readonly turns: readonly TurnView[];
}

/** Puts items, tool calls and interruptions in one order: an interruption stands where it happened. */
export function conversationLines({ items, toolCalls, responses, turns }: Parts): readonly ConversationLine[] {
  // What was spoken began with the speech; its item comes when it is over.
  const begun = new Map(turns.flatMap((turn) => (turn.itemId === null ? [] : [[turn.itemId, turn.firstSeq] as const])));
  const interrupting = new Map(turns.map((turn) => [turn.interruptedResponseId, turn.firstSeq]));
  const byId = new Map(responses.map((response) => [response.id, response]));
  const latency = firstSpeech(items, turns);
  const lines: ConversationLine[] = [
    ...items.flatMap((item): ConversationLine[] => {
      if (item.type !== 'message') return [];
      const response = item.responseId === null ? undefined : byId.get(item.responseId);
      return [
        {
          kind: 'speech',
          seq: Math.min(item.firstSeq, begun.get(item.id) ?? item.firstSeq),
          item,
          speaker: item.role === 'user' || item.role === 'system' ? item.role : 'assistant',
          voiceToVoiceMs: latency.get(item.id) ?? null,
          interrupted: response?.status === 'cancelled' ? (response.reason ?? 'cancelled') : null,
        },
      ];
    }),
    ...toolCalls.map((call) => ({ kind: 'tool' as const, seq: call.firstSeq, call })),
    ...responses.flatMap((response): ConversationLine[] => {
      // It happened when the user spoke, not when the provider said so.
      const seq = interrupting.get(response.id) ?? response.doneSeq ?? response.lastSeq;
      if (response.status === 'cancelled') return [{ kind: 'cancelled', seq, response }];
      return response.status === 'failed' || response.status === 'incomplete' ? [{ kind: 'failed', seq, response }] : [];
    }),
  ];
  // An interruption and the speech that is one begin with the same message: what was interrupted comes first.
  const orderOf = (line: ConversationLine) => (line.kind === 'cancelled' ? line.seq - 0.5 : line.seq);
  return lines.sort((left, right) => orderOf(left) - orderOf(right));
}

/** The latency of an answer, at the first item of its response. */
function firstSpeech(items: readonly ItemView[], turns: readonly TurnView[]): Map<string, number> {
  const byResponse = new Map(
    turns.flatMap((turn) =>
      turn.responseId === null || turn.voiceToVoiceMs === null ? [] : [[turn.responseId, turn.voiceToVoiceMs] as const],
    ),
  );
  const found = new Map<string, number>();
  for (const item of items) {
    const ms = item.responseId === null || item.type !== 'message' ? undefined : byResponse.get(item.responseId);
    if (ms === undefined || item.responseId === null) continue;
    found.set(item.id, ms);
    byResponse.delete(item.responseId);
  }
  return found;
}
