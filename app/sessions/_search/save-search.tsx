'use client';

import { Star } from 'lucide-react';
import { useEffect, useState } from 'react';
import { cn } from '../../_ui/class-names.ts';
import { dropSearch, keepSearch, readSearches } from './kept-searches.ts';

/** Saves the search at hand as a view of this browser, or forgets it; a link to it is the address of the page. */
export function SaveSearch({ text, className }: { readonly text: string; readonly className: string }) {
  const [saved, setSaved] = useState<readonly string[]>([]);
  useEffect(() => setSaved(readSearches('saved')), []);
  const isSaved = saved.includes(text.trim());
  const label = isSaved ? 'Forget this saved search' : 'Save this search';
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => {
        (isSaved ? dropSearch : keepSearch)('saved', text);
        setSaved(readSearches('saved'));
      }}
      className={cn('rounded p-1 text-faint hover:text-ink', isSaved && 'text-accent hover:text-accent', className)}
    >
      <Star className={cn('size-3.5', isSaved && 'fill-current')} aria-hidden="true" />
    </button>
  );
}
