'use client';

import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

interface MenuProps {
  /** The button that opens it. */
  readonly button: ReactNode;
  /** Its lines: items of radix' dropdown menu. */
  readonly children: ReactNode;
}

/** A menu under a button; a long one scrolls. */
export function Menu({ button, children }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{button}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          // Letters look for a line of the menu; they are not the page's keys.
          onKeyDown={(event) => event.stopPropagation()}
          className="z-20 max-h-[min(60vh,var(--radix-dropdown-menu-content-available-height))] max-w-[92vw] overflow-auto rounded-lg border bg-surface p-1 shadow-pop"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
