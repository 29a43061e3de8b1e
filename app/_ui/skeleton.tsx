import { cn } from './class-names.ts';

/** Holds the place of something that is being read. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden="true" className={cn('animate-skeleton rounded bg-raised', className)} />;
}
