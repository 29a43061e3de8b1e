import type { TimelineAxis } from './timeline-axis.ts';
import { xOfSeq } from './timeline-axis.ts';
import type { ResponseView } from './view.ts';

/** What a response used, and all that was used up to and including it, at the moment at which it ended. */
export interface UsageStep {
  readonly x: number;
  readonly seq: number;
  readonly ordinal: number;
  readonly tokens: number;
  /** US dollars; null where the price is not known. */
  readonly costUsd: number | null;
  readonly sumTokens: number;
  readonly sumCostUsd: number;
}

/** The steps of tokens and cost, in the order in which responses ended; those that reported no usage make none. */
export function usageSteps(axis: TimelineAxis, responses: readonly ResponseView[]): UsageStep[] {
  let sumTokens = 0;
  let sumCostUsd = 0;
  const ended = responses.filter((response) => response.usage !== null && response.doneSeq !== null);
  return ended
    .toSorted((left, right) => (left.doneSeq ?? 0) - (right.doneSeq ?? 0))
    .map(({ doneSeq, ordinal, usage, costUsd }) => {
      const seq = doneSeq ?? 0;
      const tokens = usage?.totalTokens ?? 0;
      sumTokens += tokens;
      sumCostUsd += costUsd ?? 0;
      return { x: xOfSeq(axis, seq), seq, ordinal, tokens, costUsd, sumTokens, sumCostUsd };
    });
}
