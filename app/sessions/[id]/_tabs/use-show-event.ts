'use client';

import { parseAsInteger, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { tabParser } from '../_state/params.ts';

/** Leads from a tab to a message on the timeline. */
export function useShowEvent(): (seq: number) => void {
  const [, set] = useQueryStates({ tab: tabParser, seq: parseAsInteger }, { history: 'push' });
  return useCallback((seq: number) => void set({ tab: 'timeline', seq }), [set]);
}
