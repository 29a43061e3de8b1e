'use client';

import { Search } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import { readSearches } from '../sessions/_search/kept-searches.ts';
import { CommandList } from './command-list.tsx';
import type { Command } from './commands.ts';
import { commandsAt } from './commands.ts';

/** The `⌘K` overlay: to any page by its name, or to a search. */
export function CommandPalette({ rules }: { readonly rules: readonly string[] }) {
  const path = usePathname();
  const router = useRouter();
  const [commands, setCommands] = useState<readonly Command[] | null>(null);
  useEffect(() => {
    // Also while somebody types, unlike single keys.
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      setCommands((open) => (open === null ? commandsAt(path, rules, readSearches) : null));
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [path, rules]);
  return (
    <Dialog.Root
      open={commands !== null}
      onOpenChange={(open) => setCommands(open ? commandsAt(path, rules, readSearches) : null)}
    >
      <Dialog.Trigger
        aria-label="Go to a page, or search"
        title="Go to a page, or search (⌘K, Ctrl K)"
        className="grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
      >
        <Search className="size-4" aria-hidden="true" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border bg-surface shadow-pop"
        >
          <Dialog.Title className="sr-only">Go to</Dialog.Title>
          {commands === null ? null : (
            <CommandList
              commands={commands}
              onTake={({ href }) => {
                setCommands(null);
                router.push(href);
              }}
            />
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
