import type { SessionView, ToolCallView } from '#lib/session/view.ts';
import type { Tone } from '../../../_ui/badge.tsx';

/** A word for how far a call got, how that is to be taken, and what it means. */
type ToolWords = readonly [text: string, tone: Tone, meaning: string];

const WORDS: Readonly<Record<ToolCallView['status'], ToolWords>> = {
  in_progress: ['arguments coming', 'plain', 'The model is still writing the arguments.'],
  called: ['no output', 'warn', 'The call is complete; the application has not sent an output.'],
  answered: ['answered', 'plain', 'The application sent an output; no response was asked for after it.'],
  continued: ['answered', 'ok', 'The application sent an output and a response followed.'],
  failed: ['failed', 'error', 'The call failed.'],
  cancelled: ['cancelled', 'warn', 'Its response was cancelled before the call was complete.'],
};
const RAN: ToolWords = ['done', 'ok', 'The tool has run; its output is here.'];
const RUNS: ToolWords = ['called', 'plain', 'The provider runs this tool itself. That it ended was not seen.'];
const UNSEEN: ToolWords = ['called', 'plain', 'The call is complete. Outputs travel in requests, and none was recorded here.'];

/** Who ran the tool decides what a status means; a Responses stream alone never tells of outputs. */
export function toolWords(
  { kind, status }: Pick<ToolCallView, 'kind' | 'status'>,
  { dialect, counts }: Pick<SessionView, 'dialect' | 'counts'>,
): ToolWords {
  if (status === 'answered' && (kind === 'builtin' || kind === 'mcp')) return RAN;
  if (status === 'called' && kind === 'mcp') return RUNS;
  if (status === 'called' && dialect === 'responses' && counts.clientEvents === 0) return UNSEEN;
  return WORDS[status];
}
