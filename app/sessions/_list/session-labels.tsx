import { FileText } from 'lucide-react';
import type { SessionView } from '#lib/session/view.ts';
import { Badge } from '../../_ui/badge.tsx';
import { cn } from '../../_ui/class-names.ts';

interface SessionLabelsProps {
  readonly session: SessionView;
  /** Two lines of small tags instead of one. */
  readonly isDense?: boolean;
  readonly className?: string;
}

/**
 * The tags an application gave, or the file an import came from. Of the tags as many are shown as fit whole, the first one cut
 * where even that does not fit; all on hover.
 */
export function SessionLabels({ session, isDense = false, className }: SessionLabelsProps) {
  const tags = tagsOf(session);
  if (session.sourceFile !== null) {
    const name = session.sourceFile.split('/').at(-1) ?? session.sourceFile;
    return (
      <span className={cn('flex min-w-0 items-center gap-1 text-faint', className)} title={session.sourceFile}>
        <FileText className="size-3 shrink-0" aria-hidden="true" />
        <span className="truncate">{name}</span>
      </span>
    );
  }
  return (
    // What does not fit wraps to a line that is not shown.
    <span
      className={cn('flex min-w-0 flex-wrap gap-1 overflow-hidden', isDense ? 'max-h-9' : 'max-h-5', className)}
      title={tags.length > 1 ? tags.join('\n') : undefined}
      data-tags={tags.length}
    >
      {tags.map((tag) => (
        <Badge key={tag} title={tag} className={cn(isDense && 'h-4 px-1')}>
          <span className="truncate">{tag}</span>
        </Badge>
      ))}
    </span>
  );
}

/** `key=value` of each tag. */
export function tagsOf({ tags }: SessionView): readonly string[] {
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`);
}
