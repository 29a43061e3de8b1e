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
  const title = endReason(session) || undefined;
  switch (session.status) {
    case 'open':
      return <Badge tone="ok">live</Badge>;
    case 'lost':
      return (
        <Badge tone="warn" title={title}>
          lost
        </Badge>
      );
    case 'refused':
      return (
        <Badge tone="error" title={title}>
          refused{session.httpStatus === null ? '' : ` ${session.httpStatus}`}
        </Badge>
      );
    case 'failed':
      return (
        <Badge tone="error" title={title}>
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

/** Why a session ended, as far as it was said; else an empty text. */
export function endReason({ status, closeReason, endDetail }: Pick<Ending, 'status' | 'closeReason' | 'endDetail'>): string {
  const said = [closeReason, endDetail].filter(Boolean).join(' · ').slice(0, 400);
  return said === '' && status === 'lost' ? 'The tap that recorded this session died; what it had recorded is here.' : said;
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
