'use client';

import { Command as Palette } from 'cmdk';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { LONGEST_QUERY } from '#lib/search/query.ts';
import type { Command } from './commands.ts';
import { matchingCommands } from './commands.ts';

interface CommandListProps {
  readonly commands: readonly Command[];
  readonly onTake: (command: Command) => void;
}

/** A box and what matches its text; the box keeps the focus, arrows move the choice, Enter takes it. */
export function CommandList({ commands, onTake }: CommandListProps) {
  const [text, setText] = useState('');
  return (
    <Palette label="Page, or words to search for" loop shouldFilter={false} className="flex min-h-0 flex-col">
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search className="size-4 shrink-0 text-faint" aria-hidden="true" />
        <Palette.Input
          value={text}
          onValueChange={setText}
          placeholder="Go to a page, or search sessions"
          maxLength={LONGEST_QUERY}
          className="h-11 w-full bg-transparent text-sm outline-none placeholder:text-faint"
        />
      </div>
      <Palette.List label="Places" className="min-h-0 overflow-auto p-1.5">
        {matchingCommands(commands, text).map((command) => (
          <Palette.Item
            key={`${command.kind} ${command.href}`}
            value={`${command.kind} ${command.href}`}
            onSelect={() => onTake(command)}
            className="flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 data-[selected=true]:bg-accent-soft"
          >
            <span className="truncate">{command.title}</span>
            <span className="ml-auto shrink-0 text-muted text-xs">{command.kind}</span>
          </Palette.Item>
        ))}
      </Palette.List>
    </Palette>
  );
}
