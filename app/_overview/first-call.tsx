'use client';

import { useRefresh } from '../_live/use-refresh.ts';
import { FirstSteps } from '../_ui/first-steps.tsx';
import type { Tap } from '../_ui/recipes.ts';

/** The overview before anything is recorded; it becomes the overview as the first call begins. */
export function FirstCall({ tap }: { readonly tap: Tap }) {
  useRefresh();
  return <FirstSteps tap={tap} />;
}
