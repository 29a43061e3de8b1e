'use client';

import type { KnownValues } from '#lib/search/complete-query.ts';
import { setTerm, termValue } from '#lib/search/edit-query.ts';
import type { QueryProblem } from '#lib/search/query.ts';
import { cn } from '../../_ui/class-names.ts';
import { SearchBox } from '../_search/search-box.tsx';

const STATES = [
  [null, 'All'],
  ['open', 'Live'],
  ['ended', 'Ended'],
  ['lost', 'Lost'],
  ['refused', 'Refused'],
  ['failed', 'Failed'],
] as const;

interface SessionFilterBarProps {
  readonly text: string;
  readonly problems: readonly QueryProblem[];
  readonly known: KnownValues;
  readonly onChange: (text: string) => void;
  readonly onEnter: () => void;
  readonly count: string;
}

/** Narrows the list by a query, which stands in the URL; the states are terms of it that one click sets. */
export function SessionFilterBar({ text, problems, known, onChange, onEnter, count }: SessionFilterBarProps) {
  const state = termValue(text, 'status');
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b bg-surface px-4 py-2">
      <h1 className="font-semibold text-sm leading-7">Sessions</h1>
      <SearchBox text={text} problems={problems} known={known} onChange={onChange} onEnter={onEnter} />
      <fieldset className="flex rounded-md border p-0.5 max-sm:order-2 max-sm:w-full max-sm:overflow-x-auto">
        <legend className="sr-only">State</legend>
        {STATES.map(([value, label]) => (
          <button
            key={label}
            type="button"
            aria-pressed={state === value}
            onClick={() => onChange(setTerm(text, 'status', value))}
            className={cn(
              'h-5.5 rounded px-2 text-muted text-xs hover:text-ink',
              state === value && 'bg-raised font-medium text-ink',
            )}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <span className="ml-auto text-faint text-xs leading-7 max-sm:order-1" aria-live="polite">
        {count}
      </span>
    </div>
  );
}
