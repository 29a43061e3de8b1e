'use client';

import type { AnomalyView } from '#lib/session/view.ts';
import type { SessionData } from '../_live/session-data.ts';
import { useShowEvent } from './use-show-event.ts';

/** As many as are shown at once; a rule names few. */
const MOST_EVIDENCE = 12;

interface EvidenceLinksProps {
  readonly data: SessionData;
  readonly anomaly: AnomalyView;
}

/** The messages that prove an anomaly, each a step away on the timeline. */
export function EvidenceLinks({ data, anomaly }: EvidenceLinksProps) {
  const show = useShowEvent();
  return (
    <ul aria-label="Evidence" className="mt-2 flex flex-wrap gap-1.5">
      {anomaly.evidence.slice(0, MOST_EVIDENCE).map((seq) => {
        const index = data.log.exactIndexOf(seq);
        const type = index < 0 ? 'not recorded' : data.log.kindAt(index).type;
        return (
          <li key={seq} className="min-w-0">
            <button
              type="button"
              onClick={() => show(seq)}
              className="flex h-6 max-w-full items-center gap-1.5 rounded border bg-raised px-1.5 font-mono text-2xs hover:border-accent-line"
            >
              <span className="text-accent">#{seq}</span>
              <span className="truncate text-muted">{type.slice(0, 80) || 'unreadable'}</span>
            </button>
          </li>
        );
      })}
      {anomaly.evidence.length > MOST_EVIDENCE ? (
        <li className="text-faint text-xs leading-6">and {anomaly.evidence.length - MOST_EVIDENCE} more</li>
      ) : null}
    </ul>
  );
}
