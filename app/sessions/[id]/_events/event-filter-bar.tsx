'use client';

import { Filter, Search, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useRef } from 'react';
import { Button } from '../../../_ui/button.tsx';
import { cn } from '../../../_ui/class-names.ts';
import { formatCount, formatPlural } from '../../../_ui/format.ts';
import { useKeys } from '../../../_ui/use-keys.ts';
import type { EventLog } from '../_live/event-log.ts';
import { CheckMenu } from './check-menu.tsx';
import type { EventFilter } from './event-filter.ts';
import { isFiltering } from './event-filter.ts';

interface EventFilterBarProps {
  readonly log: EventLog;
  readonly filter: EventFilter;
  readonly shown: number;
  readonly onChange: (change: Partial<EventFilter>) => void;
  /** What stands at the right end. */
  readonly children: ReactNode;
}

const SIDES = [
  ['', '', 'Both'],
  ['client', '▲', 'Client'],
  ['server', '▼', 'Server'],
] as const;

/** Narrows the list; all of it stands in the URL. */
export function EventFilterBar({ log, filter, shown, onChange, children }: EventFilterBarProps) {
  const box = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => box.current?.focus() });
  return (
    <div className="flex flex-wrap items-center gap-2 border-y bg-surface px-3 py-1.5">
      <label className="relative w-64 max-sm:-order-2 max-sm:w-auto max-sm:min-w-52 max-sm:flex-1">
        <span className="sr-only">Filter by type, id or words said</span>
        <Search className="-translate-y-1/2 absolute top-1/2 left-2 size-3.5 text-faint" aria-hidden="true" />
        <input
          ref={box}
          value={filter.text}
          maxLength={200}
          placeholder="Type, id or words said"
          onChange={(event) => onChange({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          className="h-7 w-full rounded-md border bg-ground pr-2 pl-7 text-xs placeholder:text-faint focus:border-accent"
        />
      </label>
      <fieldset className="flex rounded-md border p-0.5">
        <legend className="sr-only">Direction</legend>
        {SIDES.map(([value, mark, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={filter.direction === value}
            onClick={() => onChange({ direction: value })}
            className={cn(
              'h-5.5 rounded px-2 text-muted text-xs hover:text-ink',
              filter.direction === value && 'bg-raised font-medium text-ink',
            )}
          >
            {mark} <span className={cn(mark !== '' && 'max-sm:sr-only')}>{label}</span>
          </button>
        ))}
      </fieldset>
      <TypeMenu log={log} types={filter.types} onChange={(types) => onChange({ types })} />
      {isFiltering(filter) ? (
        <Button onClick={() => onChange({ text: '', direction: '', types: [] })}>
          <X className="size-3.5" aria-hidden="true" />
          Clear
        </Button>
      ) : null}
      <span
        className="max-sm:-order-1 ml-auto text-faint text-xs"
        // What a call adds is not read out; what a filter leaves is.
        aria-live={isFiltering(filter) ? 'polite' : 'off'}
      >
        {shown === log.count ? '' : `${formatCount(shown)} of `}
        {formatPlural(log.count, 'event', formatCount)}
      </span>
      {children}
    </div>
  );
}

interface TypeMenuProps {
  readonly log: EventLog;
  readonly types: readonly string[];
  readonly onChange: (types: readonly string[]) => void;
}

function TypeMenu({ log, types, onChange }: TypeMenuProps) {
  const toggle = (type: string) => onChange(types.includes(type) ? types.filter((each) => each !== type) : [...types, type]);
  const checks = countTypes(log).map(([type, count]) => ({
    id: type,
    label: type === '' ? 'unreadable' : type.slice(0, 120),
    checked: types.includes(type),
    aside: formatCount(count),
  }));
  return (
    <CheckMenu pressed={types.length > 0} checks={checks} onToggle={toggle} className="w-96 max-w-full font-mono">
      <Filter className="size-3.5" aria-hidden="true" />
      {types.length === 0 ? 'Types' : types.length === 1 ? (types[0] ?? '').slice(0, 40) : `${types.length} types`}
    </CheckMenu>
  );
}

/** Types by number of events, most first; at most 300, for hostile input has thousands. */
function countTypes(log: EventLog): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (let index = 0; index < log.count; index += 1) {
    const type = log.kinds[log.kind[index] as number]?.type ?? '';
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1]).slice(0, 300);
}
