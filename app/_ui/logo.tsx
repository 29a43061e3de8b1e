import { cn } from './class-names.ts';

/** The mark: a delta whose floor is a trace on a scope. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={cn('size-5', className)} fill="none" aria-hidden="true">
      <path d="M12 3.2 21 19.8H3Z" className="stroke-accent" strokeWidth="1.7" strokeLinejoin="round" />
      <path
        d="M7.2 16h2.1l1.3-4 2.2 6 1.5-3.4h2.5"
        className="stroke-ink"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
