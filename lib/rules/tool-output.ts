import type { Json, JsonObject } from '#lib/base/json.ts';
import { stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/session/wire-text.ts';

/** An output of a tool as the client sent it, kept for the error that may answer it. */
export type SentOutput = {
  seq: number;
  eventId: string | null;
  callId: string | null;
  /** The names of its fields. */
  fields: string[];
};

/** Written as a chat message with the role `tool`, it is no output for the server, but it was meant as one. xAI's calls have that role too. */
export function isOutput(item: Json | undefined): boolean {
  const type = stringAt(item, 'type');
  return type === 'function_call_output' || (stringAt(item, 'role') === 'tool' && type !== 'function_call');
}

/** An item has a handful of fields; hostile ones are not kept. */
const MOST_FIELDS = 16;
const LONGEST_FIELD = 40;

/** The names of an item's fields, in order. */
export function fieldsOf(item: JsonObject): string[] {
  const fields = Object.keys(item).filter((name) => name.length <= LONGEST_FIELD);
  return fields.slice(0, MOST_FIELDS);
}

/** What an output must have: the server may miss it, or refuse what stands there. */
const OUTPUT_FIELDS = ['call_id', 'output'];

/** Whether an error answers that output: by the event that it names, or, where it names none, by a field that the item has or should have. */
export function isAboutOutput(error: Json | undefined, { eventId, fields }: SentOutput): boolean {
  const cause = stringAt(error, 'event_id');
  if (cause !== undefined && eventId !== null) return keptId(cause) === eventId;
  const [root, field] = (stringAt(error, 'param') ?? '').split(/[.[]/);
  return root === 'item' && (field === undefined || fields.includes(field) || OUTPUT_FIELDS.includes(field));
}
