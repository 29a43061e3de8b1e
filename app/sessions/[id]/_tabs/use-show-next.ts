'use client';

import { parseAsInteger, useQueryState } from 'nuqs';
import { useShowEvent } from './use-show-event.ts';

/** Leads to the next of some messages after the selected one, and after the last of them to the first again. */
export function useShowNext(): (seqs: readonly number[]) => void {
  const [seq] = useQueryState('seq', parseAsInteger);
  const show = useShowEvent();
  return (seqs) => {
    const next = seqs.toSorted((left, right) => left - right).find((each) => each > (seq ?? 0)) ?? Math.min(...seqs);
    if (Number.isFinite(next)) show(next);
  };
}
