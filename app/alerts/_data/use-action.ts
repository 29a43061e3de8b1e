'use client';

import { useState } from 'react';
import type { Problem } from '../../_live/fetch-json.ts';
import { toProblem } from '../../_live/fetch-json.ts';

/** Something that a person has asked for: whether it is under way, and why it failed. */
export interface Action {
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  /** Runs it, unless it runs already; gives whether it succeeded. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (work: () => Promise<void>) => {
    if (isBusy) return false;
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(toProblem(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run };
}
