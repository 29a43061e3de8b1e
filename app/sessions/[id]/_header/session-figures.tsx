'use client';

import type { ReactNode } from 'react';
import type { SessionView } from '#lib/session/view.ts';
import { cn } from '../../../_ui/class-names.ts';
import { formatBytes, formatCost, formatCount, formatDuration, formatShort } from '../../../_ui/format.ts';
import { durationMs } from '../../_list/session-row.tsx';
import type { SessionData } from '../_live/session-data.ts';
import { endedSeqs } from '../_state/stops.ts';
import { useShowNext } from '../_tabs/use-show-next.ts';
import { AnomalyFigure } from './anomaly-figure.tsx';

interface SessionFiguresProps {
  readonly session: SessionView;
  /** Null while it is read. */
  readonly data: SessionData | null;
}

/** The session in figures; those that call for attention have the colour of their severity. */
export function SessionFigures({ session, data }: SessionFiguresProps) {
  const { counts } = session;
  const showNext = useShowNext();
  const lost = Math.max(data?.log.missing ?? 0, counts.lost);
  const responses = data?.responses ?? [];
  const failures = data?.log.timeline.errors.seqs;
  // Sessions that an older version folded count error messages alone, not events that report a failure, as of a transcription.
  const errors = Math.max(counts.errors, failures?.length ?? 0);
  const unended = session.status === 'open' ? [] : endedSeqs(responses, 'in_progress');
  const reasons = Object.entries(counts.cancelledByReason).map(([reason, count]) => `${count} × ${reason}`);
  return (
    <dl className="mt-2 flex flex-wrap items-baseline gap-x-5 gap-y-1 text-xs">
      <Figure
        name="Duration"
        value={formatDuration(durationMs(session))}
        title={session.clock === 'none' ? 'The source of this session gives no times; none are invented.' : ''}
      />
      <Figure
        name="Events"
        value={formatCount(counts.events)}
        title={`${counts.clientEvents} by the client, ${counts.serverEvents} by the server, ${formatBytes(counts.bytes)}`}
        id="events"
      />
      <Figure name="Turns" value={formatCount(counts.turns)} />
      <Figure name="Responses" value={formatCount(counts.responses)} />
      <Figure
        name="Cancelled"
        value={formatCount(counts.cancelled)}
        tone={counts.cancelled > 0 ? 'text-warn' : ''}
        title={reasons.length === 0 ? '' : `${reasons.join(', ')}: to the next (x)`}
        onShow={counts.cancelled > 0 ? () => showNext(endedSeqs(responses, 'cancelled')) : null}
      />
      <AnomalyFigure counts={session.anomalies} anomalies={data?.anomalies ?? null} />
      <Figure
        name="Errors"
        value={formatCount(errors)}
        tone={errors > 0 ? 'text-error' : ''}
        title={errors > 0 ? 'Error messages, and events that report a failure: to the next (e)' : ''}
        onShow={errors > 0 ? () => showNext([...(failures?.values.subarray(0, failures.length) ?? [])]) : null}
      />
      {counts.failed + counts.incomplete > 0 ? (
        <Figure
          name="Failed"
          value={formatCount(counts.failed + counts.incomplete)}
          tone="text-error"
          title={`${counts.failed} failed, ${counts.incomplete} incomplete: to the next (e)`}
          onShow={() => showNext(endedSeqs(responses, 'failed', 'incomplete'))}
        />
      ) : null}
      {unended.length > 0 ? (
        <Figure
          name="No end seen"
          value={formatCount(unended.length)}
          tone="text-warn"
          title="The session is over, but no message ended these responses: to the next"
          onShow={() => showNext(unended)}
          id="unended"
        />
      ) : null}
      {counts.unreadable > 0 ? <Figure name="Unreadable" value={formatCount(counts.unreadable)} tone="text-warn" /> : null}
      {lost > 0 ? (
        <Figure
          name="Not recorded"
          value={formatCount(lost)}
          tone="text-warn"
          title="Relayed, but lost for the recording. The gaps are marked."
        />
      ) : null}
      <Figure
        name="Voice to voice"
        value={voice(session)}
        title="From the end of the user’s speech to the first audio of the answer: median and 95th percentile"
      />
      <Figure name="Tokens" value={formatShort(session.usage.totalTokens)} />
      <Figure
        name="Cost"
        value={`${session.costEstimated && session.costUsd !== null ? '≈ ' : ''}${formatCost(session.costUsd)}`}
        title={session.costUsd === null ? 'The price of this model is not known' : 'By list prices'}
      />
    </dl>
  );
}

function voice({ voiceToVoiceP50Ms, voiceToVoiceP95Ms }: SessionView): string {
  if (voiceToVoiceP50Ms === null) return '–';
  return `${formatDuration(voiceToVoiceP50Ms)} · p95 ${formatDuration(voiceToVoiceP95Ms)}`;
}

interface FigureProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly tone?: string;
  readonly title?: string;
  readonly id?: string;
  /** Leads to what is counted. */
  readonly onShow?: (() => void) | null;
}

function Figure({ name, value, tone = '', title, id, onShow = null }: FigureProps) {
  return (
    <div className="flex items-baseline gap-1.5" title={title === '' ? undefined : title}>
      <dt className="text-faint">{name}</dt>
      <dd className={cn('font-medium', tone)} data-figure={id}>
        {onShow === null ? (
          value
        ) : (
          <button
            type="button"
            onClick={onShow}
            className="rounded underline decoration-dotted underline-offset-3 hover:opacity-80"
          >
            {value}
          </button>
        )}
      </dd>
    </div>
  );
}
