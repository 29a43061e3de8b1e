import type { SessionStatus } from '#lib/session/view.ts';
import { cn } from './class-names.ts';

const LOOKS: Readonly<Record<SessionStatus, string>> = {
  open: 'bg-ok animate-live',
  ended: 'border border-line-strong',
  lost: 'bg-warn',
  refused: 'bg-error',
  failed: 'bg-error',
};

/** The state of a session as a dot: pulsing while it is live. */
export function SessionDot({ status }: { readonly status: SessionStatus }) {
  return <span aria-hidden="true" className={cn('inline-block size-2 shrink-0 rounded-full', LOOKS[status])} />;
}
