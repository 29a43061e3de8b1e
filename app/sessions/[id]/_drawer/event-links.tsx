import { ArrowLeft, ArrowRight } from 'lucide-react';
import type { TimelineLink } from '#lib/session/timeline-links.ts';
import type { EventLog } from '../_live/event-log.ts';

interface EventLinksProps {
  readonly log: EventLog;
  readonly links: readonly TimelineLink[];
  readonly seq: number;
  readonly onSelect: (seq: number) => void;
}

const CAUSED: Readonly<Record<TimelineLink['kind'], string>> = {
  error: 'answered by the error',
  interrupt: 'cancelled the response that ended at',
  answer: 'answered by',
  output: 'answered by the output',
  follow_up: 'followed by the response',
};
const CAUSE: Readonly<Record<TimelineLink['kind'], string>> = {
  error: 'about',
  interrupt: 'cancelled by the speech at',
  answer: 'answers',
  output: 'output of the call at',
  follow_up: 'follows the output at',
};

/** What caused the selected message and what it caused, as far as the recording tells. */
export function EventLinks({ log, links, seq, onSelect }: EventLinksProps) {
  const found = links.filter((link) => link.fromSeq === seq || link.toSeq === seq).slice(0, 12);
  if (found.length === 0) return null;
  return (
    <ul className="space-y-0.5 px-4 pb-3 text-xs">
      {found.map((link) => {
        const forward = link.fromSeq === seq;
        const other = forward ? link.toSeq : link.fromSeq;
        const index = log.indexOfSeq(other);
        const Icon = forward ? ArrowRight : ArrowLeft;
        return (
          <li key={`${link.kind} ${other}`} className="flex items-center gap-1.5">
            <Icon className="size-3.5 shrink-0 text-faint" aria-hidden="true" />
            <span className="shrink-0 text-muted">{(forward ? CAUSED : CAUSE)[link.kind]}</span>
            <button type="button" onClick={() => onSelect(other)} className="truncate font-mono text-accent hover:underline">
              #{other} {index < 0 ? '' : log.kindAt(index).type.slice(0, 80)}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
