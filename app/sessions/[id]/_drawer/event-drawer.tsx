'use client';

import { ChevronDown, ChevronUp, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TimelineLink } from '#lib/session/timeline-links.ts';
import { DirectionMark } from '../_events/direction-mark.tsx';
import { lineKindOf } from '../_events/event-kind.ts';
import { EventType } from '../_events/event-type.tsx';
import type { SessionData } from '../_live/session-data.ts';
import { useRows } from '../_live/use-rows.ts';
import type { BadEnding } from '../_state/stops.ts';
import { ConfigDiff, configBefore } from './config-diff.tsx';
import { EventLinks } from './event-links.tsx';
import { EventPayload } from './event-payload.tsx';
import { EventProofs } from './event-proofs.tsx';
import { EventSummary } from './event-summary.tsx';
import { useRaw } from './use-raw.ts';

interface EventDrawerProps {
  readonly data: SessionData;
  /** The messages that ended responses badly, by `seq`. */
  readonly ended: ReadonlyMap<number, BadEnding>;
  readonly links: readonly TimelineLink[];
  readonly seq: number;
  readonly onSelect: (seq: number) => void;
  readonly onId: (id: string) => void;
  readonly onClose: () => void;
}

/** The selected message: what it is, what it hangs together with, what it says. */
export function EventDrawer({ data, ended, links, seq, onSelect, onId, onClose }: EventDrawerProps) {
  const { log } = data;
  const index = log.exactIndexOf(seq);
  const exists = index >= 0;
  useRows(data.session.id, data, exists ? [index] : []);
  const raw = useRaw(data.session.id, seq, exists ? (log.byteLength[index] as number) : Number.POSITIVE_INFINITY);
  if (!exists) return <MissingEvent seq={seq} onClose={onClose} />;
  const before = configBefore(log, index);
  const kind = log.kindAt(index);
  const isError = lineKindOf(kind, ended.get(seq)) === 'error';
  return (
    <aside aria-label={`Event ${seq}`} className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex items-center gap-2 border-b px-4 py-2">
        <DirectionMark direction={log.directionAt(index)} />
        <h2 className="min-w-0 truncate font-medium font-mono text-xs" title={kind.type.slice(0, 300)}>
          <EventType type={kind.type} isError={isError} />
        </h2>
        <span className="ml-auto shrink-0 font-mono text-2xs text-faint">#{seq}</span>
        <IconButton label="Previous event" disabled={index === 0} onClick={() => onSelect(log.seq[index - 1] as number)}>
          <ChevronUp className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label="Next event" disabled={index === log.count - 1} onClick={() => onSelect(log.seq[index + 1] as number)}>
          <ChevronDown className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label="Close (Esc)" onClick={onClose}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div role="region" aria-label="Details" tabIndex={0} className="min-h-0 flex-1 overflow-auto">
        <EventProofs anomalies={data.anomalies} seq={seq} />
        <EventSummary data={data} index={index} row={data.rows.get(seq)} onId={onId} />
        <EventLinks log={log} links={links} seq={seq} onSelect={onSelect} />
        <EventPayload
          key={seq}
          raw={raw}
          byteLength={log.byteLength[index] as number}
          changes={
            before === null
              ? null
              : (text) => (
                  <ConfigDiff
                    sessionId={data.session.id}
                    log={log}
                    index={index}
                    before={before}
                    text={text}
                    onSelect={onSelect}
                  />
                )
          }
          onId={onId}
        />
      </div>
    </aside>
  );
}

/** A link may name a message that was lost, or one that has not come yet. */
function MissingEvent({ seq, onClose }: { readonly seq: number; readonly onClose: () => void }) {
  return (
    <aside aria-label={`Event ${seq}`} className="flex h-full flex-col bg-surface p-4">
      <div className="flex items-center gap-2">
        <h2 className="font-medium">Message #{seq} is not recorded</h2>
        <IconButton label="Close (Esc)" onClick={onClose}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
      <p className="mt-1 text-muted">It was lost, or it has not come yet. Everything around it is in the list.</p>
    </aside>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function IconButton({ label, disabled = false, onClick, children }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
      className="grid size-6 shrink-0 place-items-center rounded text-faint hover:bg-hover hover:text-ink disabled:opacity-40"
    >
      {children}
    </button>
  );
}
