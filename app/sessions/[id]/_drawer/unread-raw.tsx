import { Button } from '../../../_ui/button.tsx';
import { formatBytes } from '../../../_ui/format.ts';
import { Skeleton } from '../../../_ui/skeleton.tsx';
import type { Raw } from './use-raw.ts';

interface UnreadRawProps {
  readonly raw: Exclude<Raw, { readonly state: 'ready' }>;
  /** What the message is called, as a sentence begins. */
  readonly name: string;
  readonly byteLength: number;
}

/** In place of a message that is not there: it is large and waits to be asked for, is being read, or cannot be read. */
export function UnreadRaw({ raw, name, byteLength }: UnreadRawProps) {
  if (raw.state === 'problem') return <p className="text-error">{raw.problem.message}</p>;
  if (raw.state === 'waiting') {
    return (
      <div className="text-muted">
        {name} is {formatBytes(byteLength)} long.{' '}
        <Button onClick={raw.load} className="ml-2">
          Read it
        </Button>
      </div>
    );
  }
  return (
    <div className="space-y-2">
      <Skeleton className="h-3 w-1/2" />
      <Skeleton className="h-3 w-3/4" />
      <Skeleton className="h-3 w-2/3" />
    </div>
  );
}
