import type { ReactNode } from 'react';
import { cn } from './class-names.ts';

export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'error' | 'client' | 'server';

const TONES: Readonly<Record<Tone, string>> = {
  plain: 'border-line bg-raised text-muted',
  accent: 'border-transparent bg-accent-soft text-accent',
  ok: 'border-transparent bg-ok-soft text-ok',
  warn: 'border-transparent bg-warn-soft text-warn',
  error: 'border-transparent bg-error-soft text-error',
  client: 'border-transparent bg-client-soft text-client',
  server: 'border-transparent bg-server-soft text-server',
};

interface BadgeProps {
  readonly children: ReactNode;
  readonly tone?: Tone;
  readonly title?: string | undefined;
  readonly className?: string;
}

/** A short fact about a thing; its tone says how it stands. */
export function Badge({ children, tone = 'plain', title, className }: BadgeProps) {
  return (
    <span
      title={title}
      className={cn(
        'inline-flex h-5 max-w-full items-center gap-1 truncate rounded border px-1.5 text-2xs font-medium',
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
