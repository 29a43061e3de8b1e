import Link from 'next/link';
import { cn } from '../_ui/class-names.ts';
import { formatPercent } from '../_ui/format.ts';

interface FigureTileProps {
  readonly name: string;
  readonly meaning?: string;
  readonly now: number | null;
  /** The same figure of the span before; null where there is none. */
  readonly before: number | null;
  readonly format: (value: number) => string;
  /** Which way is better; without it a change is neither. */
  readonly good?: 'less';
  readonly detail?: string;
  /** Whether anything above zero is a failure. */
  readonly isFailure?: boolean;
  readonly href?: string;
}

/** A figure, how it changed, and what is behind it. */
export function FigureTile({ name, meaning, now, before, format, good, detail = '', isFailure = false, href }: FigureTileProps) {
  return (
    <div className={cn('relative rounded-lg border bg-surface px-4 py-3', href !== undefined && 'hover:border-line-strong')}>
      <dt className="truncate text-faint text-xs" title={meaning}>
        {href === undefined ? (
          name
        ) : (
          <Link href={href} className="after:absolute after:inset-0 after:rounded-lg">
            {name}
          </Link>
        )}
      </dt>
      <dd className="mt-1 flex flex-wrap items-baseline gap-x-2">
        <span className={cn('font-semibold text-xl tracking-tight', isFailure && now !== null && now > 0 && 'text-error')}>
          {now === null ? '–' : format(now)}
        </span>
        <Change now={now} before={before} format={format} good={good} />
      </dd>
      <dd className="mt-0.5 min-h-4 text-2xs text-faint">{detail}</dd>
    </div>
  );
}

type ChangeProps = Pick<FigureTileProps, 'now' | 'before' | 'format'> & { readonly good: 'less' | undefined };

function Change({ now, before, format, good }: ChangeProps) {
  if (now === null || before === null || (now === 0 && before === 0)) return null;
  if (before === 0) return <span className="text-2xs text-faint">none before</span>;
  const change = now / before - 1;
  const tone = Math.abs(change) < 0.005 || good === undefined ? 'text-muted' : change < 0 ? 'text-ok' : 'text-error';
  return (
    <span className={cn('text-xs', tone)} title={`before: ${format(before)}`}>
      {Math.abs(change) < 0.005 ? 'as before' : `${change < 0 ? '−' : '+'}${formatPercent(Math.abs(change))}`}
    </span>
  );
}
