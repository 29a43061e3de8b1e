import type { ToolCallView } from '#lib/session/view.ts';
import type { Tone } from '../../../_ui/badge.tsx';
import { Badge } from '../../../_ui/badge.tsx';
import { formatDuration } from '../../../_ui/format.ts';

const LOOKS: Readonly<Record<ToolCallView['status'], readonly [text: string, tone: Tone, meaning: string]>> = {
  in_progress: ['arguments coming', 'plain', 'The model is still writing the arguments.'],
  called: ['no output', 'warn', 'The call is complete; the application has not sent an output.'],
  answered: ['answered', 'plain', 'The application sent an output; no response was asked for after it.'],
  continued: ['answered', 'ok', 'The application sent an output and a response followed.'],
  failed: ['failed', 'error', 'The call failed.'],
  cancelled: ['cancelled', 'warn', 'Its response was cancelled before the call was complete.'],
};

/** How far a tool call got, and how long the application took. */
export function ToolStatus({ call }: { readonly call: ToolCallView }) {
  const [text, tone, meaning] = LOOKS[call.status];
  const tookMs = call.calledAt === null || call.outputAt === null ? null : (call.outputAt - call.calledAt) / 1000;
  return (
    <Badge tone={tone} title={meaning}>
      {text}
      {tookMs === null ? '' : ` in ${formatDuration(tookMs)}`}
    </Badge>
  );
}
