import type { SessionView } from '#lib/session/view.ts';
import { Badge } from './badge.tsx';

type Ending = Pick<SessionView, 'status' | 'endedBy' | 'closeCode' | 'closeReason' | 'httpStatus' | 'endDetail' | 'captureMode'>;

interface SessionEndProps {
  readonly session: Ending;
  /** Where there is little room, and a head says what it is. */
  readonly isShort?: boolean;
}

/** How a session stands, in a word or two; the reason on hover. */
export function SessionEnd({ session, isShort = false }: SessionEndProps) {
  const detail = [session.closeReason, session.endDetail].filter(Boolean).join(' · ');
  const title = detail === '' ? undefined : detail.slice(0, 400);
  switch (session.status) {
    case 'open':
      return <Badge tone="ok">live</Badge>;
    case 'lost':
      return (
        <Badge tone="warn" title={title ?? 'The tap that recorded this session died; what it had recorded is here.'}>
          lost
        </Badge>
      );
    case 'refused':
      return (
        <Badge tone="error" {...(title === undefined ? {} : { title })}>
          refused{session.httpStatus === null ? '' : ` ${session.httpStatus}`}
        </Badge>
      );
    case 'failed':
      return (
        <Badge tone="error" {...(title === undefined ? {} : { title })}>
          failed
        </Badge>
      );
    case 'ended':
      return (
        <span className="max-w-xl truncate text-muted" title={title}>
          {describeEnd(session, isShort)}
        </span>
      );
  }
}

/** Codes 1005 and 1006 never travel: they mean that no code came. */
function describeEnd(session: Ending, isShort: boolean): string {
  if (session.captureMode === 'import') return 'end of file';
  const who = session.endedBy === null ? 'ended' : isShort ? session.endedBy : `closed by ${session.endedBy}`;
  if (session.closeCode === null || session.closeCode === 1005) return who;
  if (session.closeCode === 1006) return `${who} · cut off`;
  const why = isShort || session.closeCode === 1000 || !session.closeReason ? '' : `: ${session.closeReason}`;
  return `${who} · ${session.closeCode}${why}`;
}
