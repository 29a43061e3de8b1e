'use client';

import { useState } from 'react';
import { formatCount } from '../../../_ui/format.ts';

const STEP = 2048;

/** Bytes as hex and as text, sixteen a line; more of them when asked. */
export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const [shown, setShown] = useState(STEP);
  const lines = Array.from({ length: Math.ceil(Math.min(shown, bytes.length) / 16) }, (_, line) => hexLine(bytes, line * 16));
  return (
    <div>
      <pre className="overflow-x-auto font-mono text-2xs leading-4">{lines.join('\n')}</pre>
      {bytes.length > shown ? (
        <button type="button" onClick={() => setShown(shown * 4)} className="mt-2 text-accent hover:underline">
          {formatCount(bytes.length - shown)} more bytes
        </button>
      ) : null}
    </div>
  );
}

function hexLine(bytes: Uint8Array, from: number): string {
  const part = [...bytes.subarray(from, from + 16)];
  const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
  return `${from.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`;
}
