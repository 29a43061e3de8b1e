import { cn } from '../../../_ui/class-names.ts';

interface EventTypeProps {
  readonly type: string;
  /** Whether it reports a failure. */
  readonly isError?: boolean;
}

/** A type as it stood on the wire, its last part set off, so that `….delta` and `….done` are told apart at a glance. */
export function EventType({ type, isError = false }: EventTypeProps) {
  if (type === '') return <span className="text-error italic">unreadable</span>;
  const short = type.length > 120 ? `${type.slice(0, 120)}…` : type;
  const cut = short.lastIndexOf('.') + 1;
  return (
    <span className={cn(isError && 'text-error')}>
      <span className={cn(!isError && 'text-muted')}>{short.slice(0, cut)}</span>
      {short.slice(cut)}
    </span>
  );
}
