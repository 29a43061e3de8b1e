import type { EventKind } from '#lib/session/event-columns.ts';
import { isFailureType } from '#lib/session/failure-type.ts';
import type { EventLog } from '../_live/event-log.ts';

export const DELTA = 1;
export const ERROR = 2;

/** What the canvas needs to know of a kind of event: 0 an event of its own, 1 a delta, 2 an error. */
export type KindClass = 0 | typeof DELTA | typeof ERROR;

const known = new WeakMap<EventLog, KindClass[]>();

/** The class of every kind in the log, by code; extended as kinds appear. */
export function kindClasses(log: EventLog): readonly KindClass[] {
  const classes = known.get(log) ?? [];
  known.set(log, classes);
  for (let code = classes.length; code < log.kinds.length; code += 1) {
    const kind = log.kinds[code];
    classes[code] = kind === undefined ? 0 : classOf(kind);
  }
  return classes;
}

/** Whether a kind is a delta, an error, or an event of its own. */
export function classOf(kind: EventKind): KindClass {
  if (kind.problem !== null && kind.problem !== 'DS_PROTOCOL_BINARY') return ERROR;
  if (isFailureType(kind.canonicalType)) return ERROR;
  if (
    kind.canonicalType.endsWith('.delta') ||
    kind.canonicalType.endsWith('audio_buffer.append') ||
    kind.canonicalType.endsWith('audio.append')
  )
    return DELTA;
  return 0;
}
