import type { ReactNode } from 'react';

interface TipEntry {
  readonly name?: string | number | undefined;
  readonly value?: unknown;
  readonly color?: string | undefined;
}

interface ChartTipProps {
  readonly active?: boolean | undefined;
  readonly label?: unknown;
  readonly payload?: readonly TipEntry[] | undefined;
  readonly formatLabel: (label: unknown) => ReactNode;
  readonly format: (value: number) => string;
}

/** The figures under the pointer. */
export function ChartTip({ active = false, label, payload = [], formatLabel, format }: ChartTipProps) {
  if (!active || payload.length === 0) return null;
  return (
    <div className="rounded-md border bg-surface px-2.5 py-1.5 text-2xs shadow-pop">
      <div className="mb-1 font-medium text-ink">{formatLabel(label)}</div>
      <ul className="space-y-0.5">
        {payload.map((entry) => (
          <li key={String(entry.name)} className="flex items-center gap-2">
            <span className="size-2 rounded-sm" style={{ background: entry.color }} aria-hidden="true" />
            <span className="text-muted">{entry.name}</span>
            <span className="ml-auto pl-3 text-ink">{typeof entry.value === 'number' ? format(entry.value) : '–'}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
