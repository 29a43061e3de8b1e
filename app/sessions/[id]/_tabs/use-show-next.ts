'use client';

import { parseAsInteger, useQueryState } from 'nuqs';
import { useShowEvent } from './use-show-event.ts';

/** Leads to the next of some messages (their `seq`, ascending) after the selected one, and after the last of them to the first again. */
export function useShowNext(): (seqs: readonly number[]) => void {
  const [seq] = useQueryState('seq', parseAsInteger);
  const show = useShowEvent();
  return (seqs) => {
    const next = seqs.find((each) => each > (seq ?? 0)) ?? seqs[0];
    if (next !== undefined) show(next);
  };
}
