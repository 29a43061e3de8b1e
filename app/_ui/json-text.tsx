'use client';

import { useState } from 'react';
import { formatCount } from './format.ts';

const SHORT = 280;
const STEP = 20_000;

/** A text inside JSON; a long one opens in steps, so that no payload can freeze the page. */
export function JsonText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState(SHORT);
  return (
    <span className="whitespace-pre-wrap text-ink [overflow-wrap:anywhere]">
      "{text.slice(0, shown)}
      {text.length > shown ? (
        <>
          …
          <button
            type="button"
            onClick={() => setShown(shown === SHORT ? STEP : shown + STEP)}
            className="ml-1 rounded bg-raised px-1 text-2xs text-muted hover:text-ink"
          >
            {formatCount(text.length - shown)} more characters
          </button>
        </>
      ) : (
        '"'
      )}
    </span>
  );
}
