import { cn } from '../../_ui/class-names.ts';
import { SESSION_COLUMNS } from './session-row.tsx';

const HEADS: readonly (readonly [title: string, right: boolean, meaning?: string])[] = [
  ['', false],
  ['Started', false],
  ['Duration', true],
  ['Model · provider', false],
  ['Anomalies', false, 'By severity, the worst first'],
  ['Turns', true],
  ['Cancelled', true, 'Responses that were cancelled, mostly because the user spoke'],
  ['Errors', true],
  ['Tokens', true],
  ['Cost', true, 'By list prices'],
  ['v2v p95', true, 'Voice to voice: from the end of the user’s speech to the first audio of the answer'],
  ['Ended by', false, 'Who closed it, and with which close code'],
  ['Tags · source', false],
];

/** The column heads of the sessions table. */
export function SessionHead() {
  return (
    <div role="row" aria-rowindex={1} className={cn(SESSION_COLUMNS, 'h-8 border-b bg-surface text-2xs text-faint')}>
      {HEADS.map(([title, right, meaning], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the heads never change places
        <div key={index} role="columnheader" title={meaning} className={cn('truncate', right && 'text-right')}>
          {title === '' ? <span className="sr-only">State</span> : title}
        </div>
      ))}
    </div>
  );
}
