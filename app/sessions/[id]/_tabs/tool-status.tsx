import type { SessionView, ToolCallView } from '#lib/session/view.ts';
import { Badge } from '../../../_ui/badge.tsx';
import { formatDuration } from '../../../_ui/format.ts';
import { toolWords } from './tool-words.ts';

/** How far a tool call got, and how long the application took. */
export function ToolStatus({ call, session }: { readonly call: ToolCallView; readonly session: SessionView }) {
  const [text, tone, meaning] = toolWords(call, session);
  const tookMs = call.calledAt === null || call.outputAt === null ? null : (call.outputAt - call.calledAt) / 1000;
  return (
    <Badge tone={tone} title={meaning}>
      {text}
      {tookMs === null ? '' : ` in ${formatDuration(tookMs)}`}
    </Badge>
  );
}
