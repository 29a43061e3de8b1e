import { assertUnreachable } from '#lib/base/assert.ts';
import type { EventRow } from '#lib/session/view.ts';
import type { LineKind } from './event-kind.ts';

interface EventNoteProps {
  readonly kind: LineKind;
  /** Undefined while the row is being read. */
  readonly row: EventRow | undefined;
  readonly problem: string | null;
}

/** What to know of an event beside its type, as its kind calls for. */
export function EventNote({ kind, row, problem }: EventNoteProps) {
  if (row === undefined) return <span className="inline-block h-2.5 w-24 rounded bg-raised" />;
  const note = row.note ?? '';
  switch (kind) {
    case 'message':
      return note === '' ? null : <span className="text-ink">“{note}”</span>;
    case 'audio':
      return <span className="text-faint">{note}</span>;
    case 'tool':
      return <code className="font-mono text-tool">{note}</code>;
    case 'lifecycle':
      return <span className="text-muted">{note}</span>;
    case 'cancelled':
      return <span className="text-warn">{note}</span>;
    case 'error':
      return <span className="text-error">{note}</span>;
    case 'unreadable':
      return (
        <span className="text-error">
          {problem}
          {note === '' ? '' : ` · ${note}`}
        </span>
      );
    default:
      return assertUnreachable(kind);
  }
}
