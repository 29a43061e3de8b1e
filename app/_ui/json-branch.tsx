'use client';

import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Fragment, useState } from 'react';
import { cn } from './class-names.ts';
import type { ExactJson } from './exact-json.ts';
import { JsonKey } from './json-key.tsx';

const STEP = 100;
const OPEN_DEPTH = 3;
const OPEN_ENTRIES = 40;

interface JsonBranchProps {
  readonly name: string | null;
  readonly entries: readonly (readonly [string, ExactJson])[];
  readonly brackets: '[]' | '{}';
  readonly depth: number;
  /** Draws what is inside; keys of an array are not shown. */
  readonly render: (name: string | null, value: ExactJson) => ReactNode;
}

/** An object or array that folds; long ones open in steps. */
export function JsonBranch({ name, entries, brackets, depth, render }: JsonBranchProps) {
  const [open, setOpen] = useState(depth < OPEN_DEPTH && entries.length <= OPEN_ENTRIES);
  const [shown, setShown] = useState(STEP);
  const [left, right] = [brackets[0], brackets[1]];
  if (entries.length === 0) {
    return (
      <div className="pl-4">
        <JsonKey name={name} />
        <span className="text-faint">{brackets}</span>
      </div>
    );
  }
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center rounded text-left hover:bg-hover"
      >
        <ChevronRight className={cn('size-4 shrink-0 p-0.5 text-faint', open && 'rotate-90')} aria-hidden="true" />
        <span>
          <JsonKey name={name} />
          <span className="text-faint">
            {left}
            {open ? '' : ` ${entries.length} ${brackets === '[]' ? 'entries' : 'keys'} ${right}`}
          </span>
        </span>
      </button>
      {open ? (
        <div className="ml-[7px] border-line border-l pl-2">
          {entries.slice(0, shown).map(([key, value]) => (
            <Fragment key={key}>{render(brackets === '[]' ? null : key, value)}</Fragment>
          ))}
          {entries.length > shown ? (
            <button type="button" onClick={() => setShown(shown + STEP * 10)} className="pl-4 text-accent hover:underline">
              {entries.length - shown} more
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
