import type { ButtonHTMLAttributes } from 'react';
import { cn } from './class-names.ts';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Whether what it stands for is on. */
  readonly pressed?: boolean;
  /** The one thing that most people come here to do. */
  readonly isPrimary?: boolean;
}

/** A quiet button, but for the primary one; `pressed` makes it a toggle. */
export function Button({ pressed, isPrimary = false, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      aria-pressed={pressed}
      className={cn(
        'inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-md border border-line bg-surface px-2 text-xs text-muted',
        'hover:border-line-strong hover:text-ink disabled:opacity-50',
        isPrimary &&
          'border-accent bg-accent font-medium text-accent-ink hover:border-accent hover:text-accent-ink hover:opacity-90',
        pressed && 'border-accent-line bg-accent-soft text-accent hover:text-accent',
        className,
      )}
      {...rest}
    />
  );
}
