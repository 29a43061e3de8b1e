'use client';

import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { readSearches } from '../sessions/_search/kept-searches.ts';
import { CommandList } from './command-list.tsx';
import type { Command } from './commands.ts';
import { commandsAt } from './commands.ts';

/** The `⌘K` overlay: to any page by its name, or to a search. */
export function CommandPalette({ rules }: { readonly rules: readonly string[] }) {
  const router = useRouter();
  const [commands, setCommands] = useState<readonly Command[] | null>(null);
  /** What had the focus as the keys opened it; null where the button did. */
  const before = useRef<Element | null>(null);
  const isOpen = commands !== null;
  useEffect(() => {
    // Also while somebody types, unlike single keys. Filling a form in makes keydowns without a key.
    const listen = (event: KeyboardEvent) => {
      if ((event.key !== 'k' && event.key !== 'K') || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (!isOpen) before.current = document.activeElement;
      setCommands(isOpen ? null : commandsAt(window.location, rules, readSearches));
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [isOpen, rules]);
  const take = ({ kind, href }: Command) => {
    setCommands(null);
    // As the tabs of the page do: nothing is asked of the server.
    if (kind === 'view of this session') window.history.pushState(null, '', href);
    else router.push(href);
  };
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        if (open) before.current = null;
        setCommands(open ? commandsAt(window.location, rules, readSearches) : null);
      }}
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
          onCloseAutoFocus={(event) => {
            if (!(before.current instanceof HTMLElement)) return;
            event.preventDefault();
            before.current.focus();
          }}
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border bg-surface shadow-pop"
        >
          <Dialog.Title className="sr-only">Go to</Dialog.Title>
          {commands === null ? null : <CommandList commands={commands} onTake={take} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
