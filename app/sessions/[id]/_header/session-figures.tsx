import type { ReactNode } from 'react';
import type { AnomalyView, SessionView } from '#lib/session/view.ts';
import { cn } from '../../../_ui/class-names.ts';
import { formatBytes, formatCost, formatCount, formatDuration, formatShort } from '../../../_ui/format.ts';
import { durationMs } from '../../_list/session-row.tsx';
import { AnomalyFigure } from './anomaly-figure.tsx';

interface SessionFiguresProps {
  readonly session: SessionView;
  readonly missing: number;
  readonly anomalies: readonly AnomalyView[] | null;
}

/** The session in figures; those that call for attention have the colour of their severity. */
export function SessionFigures({ session, missing, anomalies }: SessionFiguresProps) {
  const { counts } = session;
  const reasons = Object.entries(counts.cancelledByReason).map(([reason, count]) => `${count} × ${reason}`);
  return (
    <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-xs">
      <Figure name="Duration" value={formatDuration(durationMs(session))} />
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
        title={reasons.join(', ')}
      />
      <AnomalyFigure counts={session.anomalies} anomalies={anomalies} />
      <Figure name="Errors" value={formatCount(counts.errors)} tone={counts.errors > 0 ? 'text-error' : ''} />
      {counts.failed + counts.incomplete > 0 ? (
        <Figure name="Failed" value={formatCount(counts.failed + counts.incomplete)} tone="text-error" />
      ) : null}
      {counts.unreadable > 0 ? <Figure name="Unreadable" value={formatCount(counts.unreadable)} tone="text-warn" /> : null}
      {Math.max(missing, counts.lost) > 0 ? (
        <Figure
          name="Not recorded"
          value={formatCount(Math.max(missing, counts.lost))}
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
  return `${formatDuration(voiceToVoiceP50Ms)} / ${formatDuration(voiceToVoiceP95Ms)}`;
}

interface FigureProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly tone?: string;
  readonly title?: string;
  readonly id?: string;
}

function Figure({ name, value, tone = '', title, id }: FigureProps) {
  return (
    <div className="flex items-baseline gap-1.5" title={title === '' ? undefined : title}>
      <dt className="text-faint">{name}</dt>
      <dd className={cn('font-medium', tone)} data-figure={id}>
        {value}
      </dd>
    </div>
  );
}
