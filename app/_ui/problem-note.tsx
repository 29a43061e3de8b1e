import type { ReactNode } from 'react';

interface ProblemNoteProps {
  readonly title: string;
  /** What happened, what is safe, what to do next. */
  readonly children: ReactNode;
  readonly code?: string | null;
  readonly action?: ReactNode;
}

/** An error as a person can use it. */
export function ProblemNote({ title, children, code = null, action = null }: ProblemNoteProps) {
  return (
    <div role="alert" className="m-4 max-w-2xl rounded-lg border border-line bg-surface p-4">
      <div className="flex items-baseline gap-2">
        <span className="size-2 shrink-0 rounded-full bg-error" aria-hidden="true" />
        <h2 className="font-semibold">{title}</h2>
        {code === null ? null : <code className="ml-auto font-mono text-2xs text-faint">{code}</code>}
      </div>
      <div className="mt-1.5 pl-4 text-muted">{children}</div>
      {action === null ? null : <div className="mt-3 pl-4">{action}</div>}
    </div>
  );
}
