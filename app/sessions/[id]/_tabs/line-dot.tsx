import { cn } from '../../../_ui/class-names.ts';

/** The mark of a line on the conversation's thread. */
export function LineDot({ className }: { readonly className: string }) {
  return (
    <span aria-hidden="true" className={cn('-left-[4.5px] absolute top-1.5 size-2 rounded-full ring-4 ring-ground', className)} />
  );
}
