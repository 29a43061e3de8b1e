import type { EventKind } from '#lib/session/event-columns.ts';
import type { BadEnding } from '../_state/stops.ts';
import { classOf, ERROR } from '../_timeline/kind-class.ts';

/** What a line of the list is about; decides how its note is drawn. */
export type LineKind = 'message' | 'audio' | 'tool' | 'lifecycle' | 'cancelled' | 'error' | 'unreadable';

/** The kind of line for a type of event, or for one of which more is known: that it ended a response, and how. */
export function lineKindOf(kind: EventKind, ending: BadEnding | undefined): LineKind {
  if (kind.problem !== null) return 'unreadable';
  if (classOf(kind) === ERROR || ending === 'failed') return 'error';
  if (ending === 'cancelled') return 'cancelled';
  const type = kind.canonicalType;
  if (type.includes('transcript') || type.includes('_text') || type.includes('.text.')) return 'message';
  if (type.includes('function_call') || type.includes('mcp') || type.includes('tool_call')) return 'tool';
  if (type.includes('audio')) return 'audio';
  return 'lifecycle';
}
