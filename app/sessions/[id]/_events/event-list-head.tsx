import { cn } from '../../../_ui/class-names.ts';
import { LINE_COLUMNS } from './event-line.tsx';

/** Columns that go first where the drawer takes room. */
const WIDE_ONLY: ReadonlySet<string> = new Set(['Δt', 'Item', 'Size']);

/** The column heads of the event list. */
export function EventListHead({ timed }: { readonly timed: boolean }) {
  const heads: readonly (readonly [title: string, right: boolean, meaning: string])[] = [
    ['#', true, 'Order of the messages, as the tap counted them'],
    ...(timed
      ? ([
          ['t', true, 'Seconds since the first message'],
          ['Δt', true, 'Since the message before'],
        ] as const)
      : []),
    ['', false, 'Direction: ▲ client to server, ▼ server to client'],
    ['Type', false, ''],
    ['Item', false, 'Item, response or call'],
    ['Size', true, 'Length of the message on the wire'],
    ['Note', false, ''],
  ];
  return (
    <div role="rowgroup" className="sticky top-0 z-[2]">
      <div
        role="row"
        className={cn(
          LINE_COLUMNS[timed ? 'timed' : 'ordered'],
          'h-7 items-center gap-x-2 border-b bg-surface px-3 text-2xs text-faint',
        )}
      >
        {heads.map(([title, right, meaning]) => (
          <span
            key={title}
            role="columnheader"
            title={meaning || undefined}
            className={cn('truncate', right && 'text-right', WIDE_ONLY.has(title) && '@max-[62rem]:hidden')}
          >
            {title === '' ? <span className="sr-only">Direction</span> : title}
          </span>
        ))}
      </div>
    </div>
  );
}
