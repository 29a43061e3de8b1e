import type { ReactNode } from 'react';
import type { ErrorCode } from '#lib/base/errors.ts';
import { ERRORS } from '#lib/base/errors.ts';
import type { EventRow } from '#lib/session/view.ts';
import { CopyButton } from '../../../_ui/copy-button.tsx';
import { formatBytes, formatCount, formatDuration, formatExact } from '../../../_ui/format.ts';
import { EventFlags } from '../_events/event-flags.tsx';
import { offsetText } from '../_events/offset-text.ts';
import type { SessionData } from '../_live/session-data.ts';

interface EventSummaryProps {
  readonly data: SessionData;
  readonly index: number;
  readonly row: EventRow | undefined;
  readonly onId: (id: string) => void;
}

/** The selected message in words: when, who, how long, what it belongs to. */
export function EventSummary({ data, index, row, onId }: EventSummaryProps) {
  const { log } = data;
  const kind = log.kindAt(index);
  const at = log.at[index] as number;
  const audioBytes = log.audioBytes[index] as number;
  const lost = log.lostBefore(index);
  return (
    <dl className="grid grid-cols-[5rem_1fr] gap-x-3 gap-y-1 px-4 py-3 text-xs">
      {kind.canonicalType !== kind.type && kind.canonicalType !== '' ? (
        <Fact name="Today’s name">{kind.canonicalType}</Fact>
      ) : null}
      <Fact name="Time">{log.timed && !Number.isNaN(at) ? timeText(data, index, at) : 'not known: the source gives none'}</Fact>
      <Fact name="Size">
        {formatBytes(log.byteLength[index] as number)}
        {audioBytes > 0 ? `, ${formatBytes(audioBytes)} of it audio once decoded` : ''}
      </Fact>
      <Id name="Response" id={log.ids.text(log.responseId[index] as number)} onId={onId} />
      <Id name="Item" id={log.ids.text(log.itemId[index] as number)} onId={onId} />
      <Id name="Call" id={log.ids.text(log.callId[index] as number)} onId={onId} />
      <Id name="Event" id={row?.eventId ?? null} onId={null} />
      {row?.note ? <Fact name="Note">{row.note}</Fact> : null}
      {kind.flags.length > 0 ? (
        <Fact name="Recorded">
          <span className="flex flex-wrap gap-1">
            <EventFlags flags={kind.flags} />
          </span>
        </Fact>
      ) : null}
      {kind.problem === null ? null : <Problem code={kind.problem} />}
      {lost > 0 ? (
        <Fact name="Before it">
          <span className="text-warn">{formatCount(lost)} messages were relayed but not recorded.</span>
        </Fact>
      ) : null}
    </dl>
  );
}

function timeText({ log, session }: SessionData, index: number, at: number): string {
  const before = index === 0 ? null : log.offsetMs(index - 1);
  const offset = log.offsetMs(index);
  const step = offset === null || before === null ? '' : `, ${formatDuration(offset - before)} after the one before`;
  const exact = session.clock === 'wall' ? ` (${formatExact(at / 1000)})` : '';
  return `${offsetText(offset)}${step}${exact}`;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

function Id({
  name,
  id,
  onId,
}: {
  readonly name: string;
  readonly id: string | null;
  readonly onId: ((id: string) => void) | null;
}) {
  if (id === null) return null;
  return (
    <Fact name={name}>
      <span className="flex items-center gap-1 font-mono text-2xs">
        {onId === null ? (
          <span className="truncate">{id}</span>
        ) : (
          <button
            type="button"
            onClick={() => onId(id)}
            className="truncate text-accent hover:underline"
            title="Show only its events"
          >
            {id}
          </button>
        )}
        <CopyButton text={id} label={`Copy the ${name.toLowerCase()} id`} className="h-4" />
      </span>
    </Fact>
  );
}

function Problem({ code }: { readonly code: string }) {
  const known = Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : undefined;
  return (
    <Fact name="Not read">
      <span className="text-error">{known?.meaning ?? code}</span> <span className="text-muted">{known?.action}</span>{' '}
      <code className="font-mono text-2xs text-faint">{code}</code>
    </Fact>
  );
}
