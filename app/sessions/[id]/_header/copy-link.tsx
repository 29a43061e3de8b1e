'use client';

import { CopyButton } from '../../../_ui/copy-button.tsx';

/** Copies the address as it stands: tab, part in view, filter and selection are in it. */
export function CopyLink() {
  return <CopyButton text={() => window.location.href} label="Copy link" labelled />;
}
