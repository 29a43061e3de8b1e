import type { SessionView, ToolCallView } from '#lib/session/view.ts';
import { Badge } from '../../../_ui/badge.tsx';
import { LineDot } from './line-dot.tsx';
import { ToolStatus } from './tool-status.tsx';

/** A tool call inside the conversation. */
export function ToolLine({ call, session }: { readonly call: ToolCallView; readonly session: SessionView }) {
  return (
    <>
      <LineDot className="bg-tool" />
      <div className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-tool text-xs [overflow-wrap:anywhere]">{call.name ?? call.callId}</code>
        {call.kind === 'function' ? null : <Badge>{call.kind}</Badge>}
        <ToolStatus call={call} session={session} />
      </div>
      <ToolText label="Arguments" text={call.argumentsText} />
      <ToolText label="Output" text={call.output} />
    </>
  );
}

/** Arguments or output of a call: short ones at once, long ones behind their beginning. */
export function ToolText({ label, text }: { readonly label: string; readonly text: string | null }) {
  if (text === null || text === '') return null;
  if (text.length <= 200) {
    return (
      <p className="mt-1 font-mono text-2xs text-muted [overflow-wrap:anywhere]">
        <span className="text-faint">{label} </span>
        {text}
      </p>
    );
  }
  return (
    <details className="mt-1 font-mono text-2xs text-muted">
      <summary className="truncate">
        <span className="text-faint">{label} </span>
        {text.slice(0, 160)}…
      </summary>
      <pre className="mt-1 max-h-80 overflow-auto whitespace-pre-wrap rounded bg-raised p-2 [overflow-wrap:anywhere]">
        {text.slice(0, 50_000)}
      </pre>
    </details>
  );
}
