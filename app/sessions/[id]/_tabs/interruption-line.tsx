import type { ResponseView } from '#lib/session/view.ts';
import { LineDot } from './line-dot.tsx';

const REASONS: Readonly<Record<string, string>> = {
  turn_detected: 'The user spoke: the answer was cancelled',
  client_cancelled: 'The application cancelled the answer',
  max_output_tokens: 'The answer stopped at the token limit',
  content_filter: 'The content filter stopped the answer',
};

interface InterruptionLineProps {
  readonly kind: 'cancelled' | 'failed';
  readonly response: ResponseView;
}

/** Where an answer was cut off, at the moment it was. */
export function InterruptionLine({ kind, response }: InterruptionLineProps) {
  const colour = kind === 'failed' && response.status === 'failed' ? 'text-error' : 'text-warn';
  const reason = response.reason ?? response.errorCode;
  return (
    <>
      <LineDot className={colour === 'text-error' ? 'bg-error' : 'bg-warn'} />
      <p className={`${colour} text-xs`}>
        {(reason === null ? undefined : REASONS[reason]) ??
          `Response ${response.ordinal} ended ${response.status}${reason === null ? '' : ` (${reason})`}`}
        {response.errorMessage === null ? null : (
          <span className="block text-muted [overflow-wrap:anywhere]">{response.errorMessage}</span>
        )}
      </p>
    </>
  );
}
