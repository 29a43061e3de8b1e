'use client';

import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { DAY_MS, HOUR_MS } from '#lib/base/durations.ts';
import { Button } from './button.tsx';
import { Menu } from './menu.tsx';

const SPANS: readonly (readonly [title: string, ms: number | null])[] = [
  ['for 1 hour', HOUR_MS],
  ['for 1 day', DAY_MS],
  ['for 7 days', 7 * DAY_MS],
  ['for 30 days', 30 * DAY_MS],
  ['for good', null],
];

interface MuteMenuProps {
  readonly disabled: boolean;
  /** How long it is to be out of the way; null for good. */
  readonly onMute: (ms: number | null) => void;
}

/** Asks for how long something is muted. */
export function MuteMenu({ disabled, onMute }: MuteMenuProps) {
  return (
    <Menu
      button={
        <Button disabled={disabled} title="Out of the way for a time" className="h-6 text-2xs">
          Mute
          <ChevronDown className="size-3" aria-hidden="true" />
        </Button>
      }
    >
      {SPANS.map(([title, ms]) => (
        <DropdownMenu.Item
          key={title}
          onSelect={() => onMute(ms)}
          className="cursor-pointer rounded px-2.5 py-1 text-xs outline-none data-[highlighted]:bg-hover"
        >
          {title}
        </DropdownMenu.Item>
      ))}
    </Menu>
  );
}
