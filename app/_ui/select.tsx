import type { ReactNode } from 'react';

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

/** A choice of one among few, as the platform does it. */
export function Select({ label, value, onChange, children }: SelectProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="h-7 rounded-md border border-line bg-surface px-1.5 text-muted text-xs hover:border-line-strong hover:text-ink"
    >
      {children}
    </select>
  );
}
