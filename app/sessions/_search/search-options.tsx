import { History, Star } from 'lucide-react';
import { cn } from '../../_ui/class-names.ts';
import type { SearchShelf } from './kept-searches.ts';

/** Something that can be put into the box: a completion, or a whole search of before. */
export interface SearchOption {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  /** Where a whole search comes from; null for a completion. */
  readonly shelf: SearchShelf | null;
  /** The whole text then, and where the caret goes. */
  readonly text: string;
  readonly caret: number;
}

interface SearchOptionsProps {
  readonly id: string;
  readonly options: readonly SearchOption[];
  readonly active: number;
  readonly onTake: (option: SearchOption) => void;
}

/** What the box offers, below it. The box keeps the focus. */
export function SearchOptions({ id, options, active, onTake }: SearchOptionsProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Completions"
      className="absolute top-8 left-0 z-30 max-h-80 w-full min-w-64 overflow-auto rounded-md border bg-surface p-1 shadow-pop"
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the keys
        <div
          key={option.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(option)}
          className={cn(
            'flex cursor-pointer items-center gap-2 rounded px-2 py-1 text-xs hover:bg-hover',
            index === active && 'bg-accent-soft',
          )}
        >
          {option.shelf === 'recent' ? <History className="size-3 shrink-0 text-faint" aria-hidden="true" /> : null}
          {option.shelf === 'saved' ? <Star className="size-3 shrink-0 fill-current text-accent" aria-hidden="true" /> : null}
          <span className="truncate font-medium">{option.label}</span>
          <span className="ml-auto shrink-0 text-muted">{option.hint}</span>
        </div>
      ))}
    </div>
  );
}
