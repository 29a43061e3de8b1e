import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from 'react';
import { cn } from '../../_ui/class-names.ts';

const CONTROL = 'h-8 w-full rounded-md border bg-ground px-2 text-xs placeholder:text-faint focus:border-accent';

/** A control under its name. */
export function Field({ label, hint, children, className }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label className={cn('flex min-w-0 flex-col gap-1', className)}>
      <span className="text-2xs text-muted">{label}</span>
      {children}
      {hint === undefined ? null : <span className="text-2xs text-faint">{hint}</span>}
    </label>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
  readonly className?: string;
}

/** One line of text, or a number. */
export function TextInput({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={cn(CONTROL, className)} {...rest} />;
}

interface ChoiceProps<Value extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> {
  readonly value: Value;
  readonly choices: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}

/** One of a few. */
export function Choice<Value extends string>({ value, choices, onChoose, ...rest }: ChoiceProps<Value>) {
  return (
    <select className={CONTROL} value={value} onChange={(event) => onChoose(event.target.value as Value)} {...rest}>
      {choices.map(([choice, words]) => (
        <option key={choice} value={choice}>
          {words}
        </option>
      ))}
    </select>
  );
}

interface TickProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Yes or no. */
export function Tick({ label, checked, onChange }: TickProps) {
  return (
    <label className="flex items-center gap-2 text-xs">
      <input type="checkbox" className="accent-accent" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span className="min-w-0 truncate">{label}</span>
    </label>
  );
}
