'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { cn } from './class-names.ts';

interface CopyButtonProps {
  /** The text, or what makes it when asked. */
  readonly text: string | (() => string);
  readonly label: string;
  /** Shows the label beside the icon. */
  readonly labelled?: boolean;
  readonly className?: string;
}

/** Copies a text and says for a moment that it did; says so too when the browser refuses. */
export function CopyButton({ text, label, labelled = false, className }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 1500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    const value = typeof text === 'function' ? text() : text;
    writeClipboard(value).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  const said = state === 'copied' ? 'Copied' : state === 'refused' ? 'Not allowed' : label;
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={label}
      title={label}
      className={cn(
        'inline-flex h-6 items-center gap-1.5 rounded px-1.5 text-2xs text-faint hover:bg-hover hover:text-ink',
        state === 'copied' && 'text-ok hover:text-ok',
        className,
      )}
    >
      {state === 'copied' ? <Check className="size-3.5" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}
      {labelled ? <span aria-live="polite">{said}</span> : null}
    </button>
  );
}

async function writeClipboard(value: string): Promise<void> {
  if (!navigator.clipboard) throw new Error('This page may not write to the clipboard.');
  await navigator.clipboard.writeText(value);
}
