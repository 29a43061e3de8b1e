'use client';

import { arrayAt } from '#lib/base/json.ts';
import type { ToolCallView } from '#lib/session/view.ts';
import { EmptyState } from '../../../_ui/empty-state.tsx';
import type { SessionData } from '../_live/session-data.ts';
import type { TableColumn } from './data-table.tsx';
import { DataTable } from './data-table.tsx';
import { TabPage } from './tab-page.tsx';
import { ToolText } from './tool-line.tsx';
import { ToolStatus } from './tool-status.tsx';
import { useShowEvent } from './use-show-event.ts';

/** Tools that were on offer and not called are another finding than none on offer. */
function whyNone({ session }: SessionData): string {
  const tools = arrayAt(session.effectiveConfig ?? session.requestedConfig, 'tools').length;
  if (session.effectiveConfig === null && session.requestedConfig === null) return 'The model called no tool in this session.';
  if (tools === 0) return 'The configuration offers the model no tool.';
  return `The model was offered ${tools === 1 ? 'one tool' : `${tools} tools`} and called none.`;
}

/** Every tool call: what was asked, what came back, what followed. */
export function ToolsTab({ data }: { readonly data: SessionData }) {
  const show = useShowEvent();
  if (data.toolCalls.length === 0)
    return (
      <TabPage label="Tool calls">
        <EmptyState title="No tool calls">{whyNone(data)}</EmptyState>
      </TabPage>
    );
  const columns: readonly TableColumn<ToolCallView>[] = [
    {
      title: 'Tool',
      cell: (call) => (
        <button
          type="button"
          onClick={() => show(call.calledSeq ?? call.firstSeq)}
          className="max-w-64 text-left font-mono text-accent [overflow-wrap:anywhere] hover:underline"
        >
          {(call.name ?? call.callId).slice(0, 100)}
        </button>
      ),
    },
    { title: 'Status', cell: (call) => <ToolStatus call={call} session={data.session} /> },
    { title: 'Arguments', wide: true, cell: (call) => <ToolText label="" text={call.argumentsText} /> },
    { title: 'Output', wide: true, cell: (call) => <ToolText label="" text={call.output} /> },
    {
      title: 'Follow-up',
      cell: (call) => {
        const next = data.responses.find((response) => response.id === call.followUpResponseId);
        if (next === undefined) return <span className="text-faint">none</span>;
        return (
          <button type="button" onClick={() => show(next.firstSeq)} className="text-accent hover:underline">
            response {next.ordinal}
          </button>
        );
      },
    },
  ];
  return (
    <TabPage label="Tool calls">
      <DataTable label="Tool calls" columns={columns} rows={data.toolCalls} keyOf={(call) => call.ordinal} />
    </TabPage>
  );
}
