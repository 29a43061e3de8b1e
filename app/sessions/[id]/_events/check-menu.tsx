'use client';

import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from '../../../_ui/button.tsx';
import { cn } from '../../../_ui/class-names.ts';
import { Menu } from '../../../_ui/menu.tsx';

/** A line of the menu. */
export interface Check {
  readonly id: string;
  readonly label: string;
  readonly checked: boolean;
  /** What stands at its end, e.g. how many there are. */
  readonly aside?: string;
}

interface CheckMenuProps {
  /** What the button shows. */
  readonly children: ReactNode;
  /** Whether the choice differs from the usual one. */
  readonly pressed: boolean;
  readonly checks: readonly Check[];
  readonly onToggle: (id: string) => void;
  readonly className?: string;
}

/** A menu of which any number may be chosen; it stays open while one chooses. */
export function CheckMenu({ children, pressed, checks, onToggle, className }: CheckMenuProps) {
  return (
    <Menu button={<Button pressed={pressed}>{children}</Button>}>
      {checks.map(({ id, label, checked, aside }) => (
        <DropdownMenu.CheckboxItem
          key={id}
          checked={checked}
          onCheckedChange={() => onToggle(id)}
          onSelect={(event) => event.preventDefault()}
          className={cn(
            'flex cursor-pointer items-center gap-2 rounded px-2 py-1 text-xs outline-none data-[highlighted]:bg-hover data-[state=checked]:text-accent',
            className,
          )}
        >
          <span className={cn('size-2 shrink-0 rounded-sm border', checked && 'border-accent bg-accent')} />
          <span className="truncate">{label}</span>
          {aside === undefined ? null : <span className="ml-auto pl-3 text-faint">{aside}</span>}
        </DropdownMenu.CheckboxItem>
      ))}
    </Menu>
  );
}
