import type { QueryProblem } from '#lib/search/query.ts';

interface QueryNoteProps {
  readonly id: string;
  readonly text: string;
  readonly problems: readonly QueryProblem[];
}

const AROUND = 24;

/** What is wrong with a query, under the box, with the characters that it is about. */
export function QueryNote({ id, text, problems }: QueryNoteProps) {
  return (
    <div id={id} role="alert" className="mt-1 space-y-0.5 text-error text-xs">
      {problems.slice(0, 3).map(({ position, length, message }) => {
        const end = position + length;
        const start = Math.max(0, position - AROUND);
        return (
          <p key={`${position} ${message}`} className="flex flex-wrap gap-x-2">
            <code className="whitespace-pre text-muted" aria-hidden="true">
              {start > 0 ? '…' : ''}
              {text.slice(start, position)}
              <span className="text-error underline decoration-wavy underline-offset-2">
                {text.slice(position, Math.min(end, position + 40))}
              </span>
              {text.slice(Math.min(end, position + 40), end + AROUND)}
            </code>
            <span>
              <span className="sr-only">Character {position + 1}: </span>
              {message}
            </span>
          </p>
        );
      })}
    </div>
  );
}
