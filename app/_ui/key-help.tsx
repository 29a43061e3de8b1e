'use client';

import { Keyboard, X } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { KeyCap } from './key-cap.tsx';
import { useKeys } from './use-keys.ts';

type Row = readonly [keys: readonly string[], meaning: string];

const EVERYWHERE: readonly Row[] = [
  [['⌘K', 'Ctrl K'], 'Go to a page, or search'],
  [['?'], 'This help'],
  [['Esc'], 'Close what is open'],
];
const FILTER: readonly Row[] = [
  [['/'], 'To the filter'],
  [['Esc'], 'Leave the filter, or the selection'],
];
const LIST: readonly Row[] = [[['j', 'k'], 'Next / previous session'], [['Enter'], 'Open it'], ...FILTER];
const SESSION: readonly Row[] = [
  [['w', 's'], 'Zoom in / out'],
  [['a', 'd', '←', '→'], 'Pan left / right'],
  [['f'], 'Fit the selection, or everything'],
  [['j', 'k', '↓', '↑'], 'Next / previous event in the list'],
  [['.', ','], 'Next / previous event in its lane'],
  [['e', 'E'], 'Next / previous error'],
  [['n', 'N'], 'Next / previous anomaly'],
  [['x', 'X'], 'Next / previous cancelled response'],
  [['[', ']'], 'Previous / next turn'],
  [['Enter'], 'Unfold a run, or open the event'],
  [['l'], 'Follow a live session'],
  [['y'], 'Copy a link to this moment'],
  [['1', '…', '8'], 'Switch tab'],
  ...FILTER,
];

/** The `?` overlay: the keys of the page at hand. */
export function KeyHelp() {
  const [open, setOpen] = useState(false);
  const path = usePathname();
  useKeys({ '?': () => setOpen(true) });
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        className="grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink max-sm:hidden"
      >
        <Keyboard className="size-4" aria-hidden="true" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 overflow-auto rounded-xl border bg-surface p-5 shadow-pop"
        >
          <div className="flex items-center">
            <Dialog.Title className="font-semibold text-sm">Keys</Dialog.Title>
            <Dialog.Close aria-label="Close" className="ml-auto rounded p-1 text-faint hover:bg-hover hover:text-ink">
              <X className="size-4" aria-hidden="true" />
            </Dialog.Close>
          </div>
          {path.startsWith('/sessions/') ? <KeyTable title="In a session" rows={SESSION} /> : null}
          {path === '/sessions' ? <KeyTable title="In the list" rows={LIST} /> : null}
          <KeyTable title="Everywhere" rows={EVERYWHERE} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function KeyTable({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <section className="mt-4">
      <h3 className="mb-1 text-2xs text-faint uppercase tracking-wider">{title}</h3>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5">
        {rows.map(([keys, meaning]) => (
          <div key={meaning} className="col-span-2 grid grid-cols-subgrid items-center">
            <dt className="flex min-w-20 gap-1">
              {keys.map((key) => (
                <KeyCap key={key}>{key}</KeyCap>
              ))}
            </dt>
            <dd className="text-muted">{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
