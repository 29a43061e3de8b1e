'use client';

import { Search, X } from 'lucide-react';
import { useRef } from 'react';
import { cn } from '../../_ui/class-names.ts';
import { useKeys } from '../../_ui/use-keys.ts';
import type { SessionFilter } from './session-filter.ts';

const STATES = [
  ['', 'All'],
  ['open', 'Live'],
  ['ended', 'Ended'],
  ['lost', 'Lost'],
  ['refused', 'Refused'],
  ['failed', 'Failed'],
] as const;

interface SessionFilterBarProps {
  readonly filter: SessionFilter;
  readonly providers: readonly string[];
  readonly onChange: (change: Partial<SessionFilter>) => void;
  readonly count: string;
}

/** Narrows the list by text, state and provider; all of it stands in the URL. */
export function SessionFilterBar({ filter, providers, onChange, count }: SessionFilterBarProps) {
  const box = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => box.current?.focus() });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b bg-surface px-4 py-2">
      <h1 className="font-semibold text-sm">Sessions</h1>
      <label className="relative w-72 max-w-full max-sm:order-last max-sm:w-full">
        <span className="sr-only">Filter by model, tag or id</span>
        <Search className="-translate-y-1/2 absolute top-1/2 left-2 size-3.5 text-faint" aria-hidden="true" />
        <input
          ref={box}
          value={filter.text}
          onChange={(event) => onChange({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          placeholder="Model, tag or id"
          maxLength={200}
          className="h-7 w-full rounded-md border bg-ground pr-7 pl-7 placeholder:text-faint focus:border-accent"
        />
        {filter.text === '' ? null : (
          <button
            type="button"
            aria-label="Clear the text"
            onClick={() => onChange({ text: '' })}
            className="-translate-y-1/2 absolute top-1/2 right-1 rounded p-1 text-faint hover:text-ink"
          >
            <X className="size-3.5" aria-hidden="true" />
          </button>
        )}
      </label>
      <fieldset className="flex rounded-md border p-0.5 max-sm:w-full max-sm:overflow-x-auto">
        <legend className="sr-only">State</legend>
        {STATES.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={filter.status === value}
            onClick={() => onChange({ status: value })}
            className={cn(
              'h-5.5 rounded px-2 text-muted text-xs hover:text-ink',
              filter.status === value && 'bg-raised font-medium text-ink',
            )}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <label>
        <span className="sr-only">Provider</span>
        <select
          value={filter.provider}
          onChange={(event) => onChange({ provider: event.target.value })}
          className="h-7 rounded-md border bg-surface px-1.5 text-muted text-xs"
        >
          <option value="">Any provider</option>
          {providers.map((provider) => (
            <option key={provider} value={provider}>
              {provider}
            </option>
          ))}
        </select>
      </label>
      <span className="ml-auto text-faint text-xs" aria-live="polite">
        {count}
      </span>
    </div>
  );
}
