import type { ConfigStatus, SessionView } from '#lib/session/view.ts';
import type { Tone } from '../../../_ui/badge.tsx';
import { Badge } from '../../../_ui/badge.tsx';

const LOOKS: Readonly<Record<ConfigStatus, readonly [text: string, tone: Tone, meaning: string]>> = {
  none: ['config: default', 'plain', 'The client asked for nothing: the provider’s defaults hold.'],
  pending: ['config: pending', 'plain', 'The client asked, the provider has not answered yet.'],
  applied: ['config: applied', 'ok', 'All that the client asked for is in effect.'],
  partly: ['config: partly', 'warn', 'Some of what the client asked for is not in effect. See Configuration.'],
  rejected: ['config: rejected', 'error', 'The provider refused the configuration. See Configuration.'],
};

/** A recording of the server's side alone does not tell what was asked for. */
const UNSEEN = ['config: not seen', 'plain', 'No message of the client was recorded: what it asked for is not known.'] as const;

/** After the end no answer will come any more. */
const UNANSWERED = ['config: not confirmed', 'warn', 'The client asked, and the session ended without an answer.'] as const;

/** What became of the configuration that the client asked for. */
export function ConfigChip({
  session,
}: {
  readonly session: Pick<SessionView, 'configStatus' | 'counts' | 'dialect' | 'status'>;
}) {
  const { events, clientEvents } = session.counts;
  const isUnseen = session.configStatus === 'none' && events > 0 && clientEvents === 0;
  // Responses have no session to configure.
  if (session.dialect === 'responses' && session.configStatus === 'none') return null;
  const isUnanswered = session.configStatus === 'pending' && session.status !== 'open';
  const [text, tone, meaning] = isUnseen ? UNSEEN : isUnanswered ? UNANSWERED : LOOKS[session.configStatus];
  return (
    <Badge tone={tone} title={meaning}>
      {text}
    </Badge>
  );
}
