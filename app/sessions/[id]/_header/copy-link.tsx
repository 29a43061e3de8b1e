'use client';

import { useRef } from 'react';
import { CopyButton } from '../../../_ui/copy-button.tsx';
import { useKeys } from '../../../_ui/use-keys.ts';

/** Copies the address as it stands: tab, part in view, filter and selection are in it. `y` presses it, so that one sees that it worked. */
export function CopyLink() {
  const holder = useRef<HTMLSpanElement>(null);
  useKeys({ y: () => holder.current?.querySelector('button')?.click() });
  return (
    <span ref={holder}>
      <CopyButton text={() => window.location.href} label="Copy link" labelled />
    </span>
  );
}
