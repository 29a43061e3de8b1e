import { cancelledResponse } from './cancelled-response.ts';
import { deltaMismatch } from './delta-mismatch.ts';
import { failedResponse } from './failed-response.ts';
import { missingDelta } from './missing-delta.ts';
import { rejectedConfig } from './rejected-config.ts';
import type { Rule } from './rule.ts';
import { unansweredToolCall } from './unanswered-tool-call.ts';

/** Every rule, in the order in which they run. A list to review, not a scan of the folder. */
export const registry: readonly Rule[] = [
  missingDelta,
  deltaMismatch,
  cancelledResponse,
  rejectedConfig,
  failedResponse,
  unansweredToolCall,
] as readonly Rule[];
