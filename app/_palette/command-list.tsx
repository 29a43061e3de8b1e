'use client';

import { Search } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { LONGEST_QUERY } from '#lib/search/query.ts';
import { cn } from '../_ui/class-names.ts';
import type { Command } from './commands.ts';
import { matchingCommands } from './commands.ts';

interface CommandListProps {
  readonly commands: readonly Command[];
  readonly onTake: (command: Command) => void;
}

/** A box and what matches its text; the box keeps the focus, arrows move the choice, Enter takes it. */
export function CommandList({ commands, onTake }: CommandListProps) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const chosen = useRef<HTMLDivElement>(null);
  const found = matchingCommands(commands, text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the choice moves with the keys
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      setActive((at) => (at + by + found.length) % found.length);
    } else if (event.key === 'Enter') {
      const command = found[active];
      if (command !== undefined) onTake(command);
    }
  };
  return (
    <>
      <label className="flex items-center gap-2.5 border-b px-4">
        <Search className="size-4 shrink-0 text-faint" aria-hidden="true" />
        <input
          value={text}
          role="combobox"
          aria-label="Page, or words to search for"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={`${id}-${active}`}
          aria-autocomplete="list"
          placeholder="Go to a page, or search sessions"
          maxLength={LONGEST_QUERY}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
          className="h-11 w-full bg-transparent text-sm outline-none placeholder:text-faint"
        />
      </label>
      <div id={id} role="listbox" aria-label="Places" className="min-h-0 overflow-auto p-1.5">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the keys
          <div
            key={`${command.kind} ${command.href}`}
            ref={index === active ? chosen : null}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onTake(command)}
            className={cn(
              'flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 hover:bg-hover',
              index === active && 'bg-accent-soft hover:bg-accent-soft',
            )}
          >
            <span className="truncate">{command.title}</span>
            <span className="ml-auto shrink-0 text-muted text-xs">{command.kind}</span>
          </div>
        ))}
      </div>
    </>
  );
}
