'use client';

import { useMemo } from 'react';
import type { SessionId } from '#lib/base/brand.ts';
import type { Json, JsonObject } from '#lib/base/json.ts';
import { objectAt } from '#lib/base/json.ts';
import type { EventLog } from '../_live/event-log.ts';
import type { ConfigChange } from '../_tabs/config-changes.ts';
import { configChanges } from '../_tabs/config-changes.ts';
import { UnreadRaw } from './unread-raw.tsx';
import { useRaw } from './use-raw.ts';

/** Reports of the configuration in effect. */
const REPORTS: ReadonlySet<string> = new Set(['session.created', 'session.updated']);

/** The report that a `session.update` or `session.updated` is compared with: the last one before it. Null for other messages. */
export function configBefore(log: EventLog, index: number): number | null {
  const type = log.kindAt(index).canonicalType;
  if (type !== 'session.update' && type !== 'session.updated') return null;
  for (let at = index - 1; at >= 0; at -= 1) if (REPORTS.has(log.kindAt(at).canonicalType)) return at;
  return null;
}

interface ConfigDiffProps {
  readonly sessionId: SessionId;
  readonly log: EventLog;
  /** The message that is looked at, and the report before it. */
  readonly index: number;
  readonly before: number;
  readonly text: string;
  readonly onSelect: (seq: number) => void;
}

/** What a configuration changes of the one that held before. */
export function ConfigDiff({ sessionId, log, index, before, text, onSelect }: ConfigDiffProps) {
  const seq = log.seq[before] as number;
  const byteLength = log.byteLength[before] as number;
  const held = useRaw(sessionId, seq, byteLength);
  const heldText = held.state === 'ready' ? held.text : null;
  const isWhole = log.directionAt(index) !== 'client_to_server';
  const changes = useMemo(() => changesOf(heldText, text, isWhole), [heldText, text, isWhole]);
  if (held.state !== 'ready') return <UnreadRaw raw={held} name={`The report before it, #${seq},`} byteLength={byteLength} />;
  if (changes === null) return <p className="text-muted text-xs">There is nothing to compare here.</p>;
  return (
    <div className="text-xs">
      <p className="pb-2 text-muted">
        {changes.length === 0
          ? 'Nothing differs from '
          : `${changes.length} ${changes.length === 1 ? 'setting differs' : 'settings differ'} from `}
        <button type="button" onClick={() => onSelect(seq)} className="font-mono text-accent hover:underline">
          #{seq} {log.kindAt(before).type}
        </button>
      </p>
      <ul>
        {changes.map((change) => (
          <ChangeLine key={change.path} change={change} />
        ))}
      </ul>
    </div>
  );
}

function ChangeLine({ change: { path, before, after } }: { readonly change: ConfigChange }) {
  return (
    <li className="border-t py-1.5 font-mono text-2xs [overflow-wrap:anywhere]">
      <div className="text-accent">{path}</div>
      <div className="text-muted">
        <span aria-hidden="true">− </span>
        <span className="sr-only">before: </span>
        {textOf(before)}
      </div>
      <div className="font-medium">
        <span aria-hidden="true">+ </span>
        <span className="sr-only">after: </span>
        {textOf(after)}
      </div>
    </li>
  );
}

/** Longest value of a line; the whole one is in the message. */
const MOST_CHARACTERS = 400;

function textOf(value: Json | undefined): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text || '""';
}

/** Null where one of the two is no configuration. */
function changesOf(before: string | null, after: string, isWhole: boolean): readonly ConfigChange[] | null {
  const old = before === null ? undefined : sessionOf(before);
  const next = old === undefined ? undefined : sessionOf(after);
  return old === undefined || next === undefined ? null : configChanges(old, next, isWhole);
}

function sessionOf(text: string): JsonObject | undefined {
  try {
    return objectAt(JSON.parse(text), 'session');
  } catch {
    return undefined;
  }
}
