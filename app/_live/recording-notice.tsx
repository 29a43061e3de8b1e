'use client';

import type { RecordingState } from '#lib/live/contract.ts';
import { cn } from '../_ui/class-names.ts';
import { formatCount, formatDuration } from '../_ui/format.ts';
import type { ConnectionState } from './use-connection.ts';
import { useConnection } from './use-connection.ts';
import { useRecordingState } from './use-recording-state.ts';

const BEHIND_MS = 2000;

interface Notice {
  readonly tone: 'ok' | 'quiet' | 'warn' | 'error';
  readonly text: string;
  readonly detail: string;
}

/** Says whether what the page shows is current: live, behind, or cut off from the dashboard. */
export function RecordingNotice() {
  const notice = describe(useConnection(), useRecordingState());
  return (
    <span
      role="status"
      title={notice.detail}
      className={cn(
        'mr-1 flex h-6 items-center gap-1.5 rounded-full px-2 text-2xs',
        notice.tone === 'ok' && 'text-faint',
        notice.tone === 'quiet' && 'text-faint',
        notice.tone === 'warn' && 'bg-warn-soft text-warn',
        notice.tone === 'error' && 'bg-error-soft text-error',
      )}
    >
      <span
        aria-hidden="true"
        className={cn(
          'size-1.5 rounded-full',
          notice.tone === 'ok' && 'bg-ok',
          notice.tone === 'quiet' && 'bg-neutral',
          notice.tone === 'warn' && 'bg-warn',
          notice.tone === 'error' && 'bg-error',
        )}
      />
      {notice.text}
    </span>
  );
}

function describe(connection: ConnectionState, state: RecordingState | null): Notice {
  if (connection === 'lost') {
    return {
      tone: 'error',
      text: 'Reconnecting…',
      detail: 'The dashboard does not answer. Recording goes on without it; this page catches up by itself when it is back.',
    };
  }
  if (connection === 'connecting') return { tone: 'quiet', text: 'Connecting…', detail: 'Opening the live connection.' };
  if (state === null) return { tone: 'ok', text: 'Live', detail: 'Changes appear as they are recorded.' };
  if (!state.databaseReachable) {
    return {
      tone: 'error',
      text: 'Database away',
      detail: 'The database does not answer. Calls go on and are kept in the spool; they appear here when it is back.',
    };
  }
  if (state.behindMs === null) {
    return {
      tone: 'warn',
      text: 'Recorder silent',
      detail: 'The recorder does not answer. Calls go on and are kept in the spool.',
    };
  }
  if (state.behindMs > BEHIND_MS) {
    return {
      tone: 'warn',
      text: `${formatDuration(state.behindMs)} behind`,
      detail: 'The recorder is catching up; everything relayed is safe in the spool.',
    };
  }
  if (state.lostMessages > 0) {
    return {
      tone: 'warn',
      text: `Live · ${formatCount(state.lostMessages)} lost today`,
      detail: 'Messages relayed in the last 24 hours but not recorded. Their sessions show where.',
    };
  }
  return { tone: 'ok', text: 'Live', detail: 'Changes appear as they are recorded.' };
}
