import { FileText } from 'lucide-react';
import type { SessionView } from '#lib/session/view.ts';
import { Badge } from '../../_ui/badge.tsx';

/** The tags an application gave, or the file an import came from. */
export function SessionLabels({ session }: { readonly session: SessionView }) {
  const tags = Object.entries(session.tags);
  if (session.sourceFile !== null) {
    const name = session.sourceFile.split('/').at(-1) ?? session.sourceFile;
    return (
      <span className="flex min-w-0 items-center gap-1 text-faint" title={session.sourceFile}>
        <FileText className="size-3 shrink-0" aria-hidden="true" />
        <span className="truncate">{name}</span>
      </span>
    );
  }
  return (
    <span className="flex gap-1 overflow-hidden">
      {tags.map(([key, value]) => (
        <Badge key={key} title={`${key}=${value}`} className="shrink-0">
          {key}={value}
        </Badge>
      ))}
    </span>
  );
}
