'use client';

import type { ResponseView } from '#lib/session/view.ts';
import { Badge } from '../../../_ui/badge.tsx';
import { EmptyState } from '../../../_ui/empty-state.tsx';
import { formatCost, formatDuration, formatShort } from '../../../_ui/format.ts';
import type { SessionData } from '../_live/session-data.ts';
import type { TableColumn } from './data-table.tsx';
import { DataTable } from './data-table.tsx';
import { TabPage } from './tab-page.tsx';
import { useShowEvent } from './use-show-event.ts';

/** Every response with its latency split, its tokens and its cost. */
export function ResponsesTab({ data }: { readonly data: SessionData }) {
  const show = useShowEvent();
  if (data.responses.length === 0)
    return (
      <TabPage label="Responses">
        <EmptyState title="No responses">
          {data.log.hasKind('response.created')
            ? 'The recording has their messages, but without ids: they cannot be told apart. All messages are on the timeline.'
            : 'Nothing in this session asked for one, or this dialect has none.'}
        </EmptyState>
      </TabPage>
    );
  const columns: readonly TableColumn<ResponseView>[] = [
    {
      title: '#',
      cell: (row) => (
        <button type="button" onClick={() => show(row.firstSeq)} className="text-accent hover:underline" title={row.id}>
          {row.ordinal}
        </button>
      ),
    },
    { title: 'Status', cell: (row) => <ResponseStatus response={row} live={data.session.status === 'open'} /> },
    {
      title: 'First output',
      right: true,
      meaning: 'From response.created',
      cell: (row) => since(row.createdAt, row.firstOutputAt),
    },
    {
      title: 'First audio',
      right: true,
      meaning: 'From response.created',
      cell: (row) => since(row.createdAt, row.firstAudioAt),
    },
    { title: 'Done', right: true, meaning: 'From response.created', cell: (row) => since(row.createdAt, row.doneAt) },
    { title: 'Audio', right: true, cell: (row) => (row.audioMs > 0 ? formatDuration(row.audioMs) : '–') },
    { title: 'In', right: true, meaning: 'Input tokens', cell: (row) => tokens(row.usage?.inputTokens) },
    { title: 'Cached', right: true, meaning: 'Input tokens from the cache', cell: (row) => tokens(row.usage?.cachedTokens) },
    { title: 'Out', right: true, meaning: 'Output tokens', cell: (row) => tokens(row.usage?.outputTokens) },
    { title: 'Cost', right: true, cell: (row) => formatCost(row.costUsd) },
  ];
  return (
    <TabPage label="Responses">
      {data.log.timed ? null : <NoTimes />}
      <DataTable label="Responses" columns={columns} rows={data.responses} keyOf={(row) => row.ordinal} />
    </TabPage>
  );
}

function NoTimes() {
  return (
    <p className="border-b px-3 py-2 text-muted text-xs">
      The source of this session gives no times, so none of its latencies are known.
    </p>
  );
}

function ResponseStatus({ response, live }: { readonly response: ResponseView; readonly live: boolean }) {
  if (response.status === 'in_progress' && !live)
    return (
      <Badge tone="warn" title="The session is over, and nothing said that this response is">
        no end seen
      </Badge>
    );
  if (response.status === 'unknown') return <Badge title="It ended, and nothing said how">ended</Badge>;
  const tone =
    response.status === 'completed'
      ? 'ok'
      : response.status === 'cancelled'
        ? 'warn'
        : response.status === 'in_progress'
          ? 'plain'
          : 'error';
  return (
    <span className="flex min-w-24 flex-wrap items-center gap-1.5">
      <Badge tone={tone}>{response.status.slice(0, 60)}</Badge>
      <span className="text-muted [overflow-wrap:anywhere]">{response.reason ?? response.errorCode ?? ''}</span>
    </span>
  );
}

function since(from: number | null, to: number | null): string {
  return from === null || to === null ? '–' : formatDuration((to - from) / 1000);
}

function tokens(count: number | undefined): string {
  return count === undefined ? '–' : formatShort(count);
}
