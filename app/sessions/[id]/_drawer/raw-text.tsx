'use client';

import { useState } from 'react';
import { formatCount } from '../../../_ui/format.ts';

const STEP = 20_000;

/** The message exactly as it travelled, in pieces where it is long. */
export function RawText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState(STEP);
  return (
    <div>
      <pre className="whitespace-pre-wrap font-mono text-2xs leading-4 [overflow-wrap:anywhere]">{text.slice(0, shown)}</pre>
      {text.length > shown ? (
        <button type="button" onClick={() => setShown(shown + STEP * 10)} className="mt-2 text-accent hover:underline">
          {formatCount(text.length - shown)} more characters
        </button>
      ) : null}
    </div>
  );
}
