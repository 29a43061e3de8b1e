import type { EventKind } from '#lib/session/event-columns.ts';
import { classOf, ERROR } from '../_timeline/kind-class.ts';

/** What a line of the list is about; decides how its note is drawn. */
export type LineKind = 'message' | 'audio' | 'tool' | 'lifecycle' | 'error' | 'unreadable';

/** The kind of line for a type of event. */
export function lineKindOf(kind: EventKind): LineKind {
  if (kind.problem !== null) return 'unreadable';
  if (classOf(kind) === ERROR) return 'error';
  const type = kind.canonicalType;
  if (type.includes('transcript') || type.includes('_text') || type.includes('.text.')) return 'message';
  if (type.includes('function_call') || type.includes('mcp') || type.includes('tool_call')) return 'tool';
  if (type.includes('audio')) return 'audio';
  return 'lifecycle';
}
