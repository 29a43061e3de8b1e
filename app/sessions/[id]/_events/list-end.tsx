import type { SessionView } from '#lib/session/view.ts';
import { formatDuration } from '../../../_ui/format.ts';
import type { EventLog } from '../_live/event-log.ts';

interface ListEndProps {
  readonly session: SessionView;
  readonly log: EventLog;
}

/** Below the last event: that nothing came after it, and for how long. */
export function ListEnd({ session, log }: ListEndProps) {
  if (session.status === 'open') return null;
  const last = log.at[log.count - 1] as number;
  const silence = session.endedAt === null || Number.isNaN(last) ? 0 : (session.endedAt - last) / 1000;
  const end =
    session.captureMode === 'import'
      ? 'the file ends'
      : session.status === 'lost'
        ? 'the recording broke off'
        : 'the session ended';
  return (
    <p className="px-3 py-2 text-muted text-xs">
      {log.timed && silence > 0 ? `${formatDuration(silence)} later ${end}.` : `Here ${end}.`}
    </p>
  );
}
