'use client';

import { Search, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useId, useRef, useState } from 'react';
import type { KnownValues } from '#lib/search/complete-query.ts';
import { completeQuery } from '#lib/search/complete-query.ts';
import type { QueryProblem } from '#lib/search/query.ts';
import { LONGEST_QUERY } from '#lib/search/query.ts';
import { useKeys } from '../../_ui/use-keys.ts';
import type { SearchShelf } from './kept-searches.ts';
import { keepSearch, readSearches } from './kept-searches.ts';
import { QueryNote } from './query-note.tsx';
import { SaveSearch } from './save-search.tsx';
import type { SearchOption } from './search-options.tsx';
import { SearchOptions } from './search-options.tsx';

interface SearchBoxProps {
  readonly text: string;
  readonly problems: readonly QueryProblem[];
  readonly known: KnownValues;
  readonly onChange: (text: string) => void;
  /** Enter, with nothing chosen from the completions. */
  readonly onEnter: () => void;
}

const NONE = -1;

/** The box for the query language: completions while typing, searches that were saved or made before while empty, what is wrong below. */
export function SearchBox({ text, problems, known, onChange, onEnter }: SearchBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(NONE);
  useKeys({ '/': () => box.current?.focus() });
  const options = isOpen ? optionsOf(text, caret, known) : [];

  const change = (next: string, at: number) => {
    onChange(next);
    setCaret(at);
    setActive(NONE);
    setOpen(true);
  };
  const take = (option: SearchOption) => {
    change(option.text, option.caret);
    if (option.shelf !== null) setOpen(false);
    requestAnimationFrame(() => box.current?.setSelectionRange(option.caret, option.caret));
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const chosen = options[active];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      setActive((at) => stepOption(at, event.key === 'ArrowDown' ? 1 : -1, options.length));
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter') {
      setOpen(false);
      if (problems.length > 0) return;
      keepSearch('recent', text);
      onEnter();
    } else if (event.key === 'Escape') {
      if (options.length > 0) setOpen(false);
      else event.currentTarget.blur();
    }
  };

  return (
    <div className="min-w-0 max-w-96 flex-1 basis-64 max-sm:order-last max-sm:max-w-none max-sm:basis-full">
      <div className="relative">
        <Search className="-translate-y-1/2 absolute top-1/2 left-2 size-3.5 text-faint" aria-hidden="true" />
        <input
          ref={box}
          value={text}
          role="combobox"
          aria-label="Search sessions and what was said in them"
          aria-expanded={options.length > 0}
          aria-controls={options.length > 0 ? `${id}-options` : undefined}
          aria-activedescendant={options[active] === undefined ? undefined : `${id}-options-${active}`}
          aria-autocomplete="list"
          aria-invalid={problems.length > 0}
          aria-describedby={problems.length > 0 ? `${id}-note` : undefined}
          onChange={(event) => change(event.target.value, event.target.selectionStart ?? event.target.value.length)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            if (problems.length === 0) keepSearch('recent', text);
          }}
          onKeyDown={press}
          placeholder="provider:azure status:cancelled &quot;refund policy&quot;"
          maxLength={LONGEST_QUERY}
          spellCheck={false}
          autoComplete="off"
          className="h-7 w-full rounded-md border bg-ground pr-12 pl-7 placeholder:text-faint focus:border-accent aria-invalid:border-error"
        />
        {text === '' ? null : (
          <button
            type="button"
            aria-label="Clear the search"
            onClick={() => {
              change('', 0);
              box.current?.focus();
            }}
            className="-translate-y-1/2 absolute top-1/2 right-1 rounded p-1 text-faint hover:text-ink"
          >
            <X className="size-3.5" aria-hidden="true" />
          </button>
        )}
        {text.trim() === '' || problems.length > 0 ? null : (
          <SaveSearch text={text} className="-translate-y-1/2 absolute top-1/2 right-6" />
        )}
        {options.length > 0 ? <SearchOptions id={`${id}-options`} options={options} active={active} onTake={take} /> : null}
      </div>
      {problems.length > 0 ? <QueryNote id={`${id}-note`} text={text} problems={problems} /> : null}
    </div>
  );
}

/** One further up or down; beyond either end nothing is chosen. */
function stepOption(at: number, by: number, count: number): number {
  const next = at === NONE && by < 0 ? count - 1 : at + by;
  return next >= count || next < 0 ? NONE : next;
}

function optionsOf(text: string, caret: number, known: KnownValues): readonly SearchOption[] {
  const { from, to, options } = completeQuery(text, caret, known);
  const completions = options.map(({ insert, hint }) => ({
    key: insert,
    label: insert.trim(),
    hint,
    shelf: null,
    text: text.slice(0, from) + insert + text.slice(to).trimStart(),
    caret: from + insert.length,
  }));
  if (text !== '') return completions;
  const saved = readSearches('saved');
  const recent = readSearches('recent').filter((query) => !saved.includes(query));
  return [...saved.map(keptOption('saved')), ...recent.map(keptOption('recent')), ...completions];
}

const keptOption =
  (shelf: SearchShelf) =>
  (query: string): SearchOption => ({
    key: `${shelf} ${query}`,
    label: query,
    hint: '',
    shelf,
    text: query,
    caret: query.length,
  });
