import type { Json, JsonObject } from '#lib/base/json.ts';
import { stringAt } from '#lib/base/json.ts';
import { causeOf, codeOf, isRace } from '#lib/protocol/error-codes.ts';

/** An output of a tool as the client sent it, kept for the error that may answer it. */
export type SentOutput = {
  seq: number;
  eventId: string | null;
  callId: string | null;
  /** The names of its fields. */
  fields: string[];
  /** Whether it is the last item that the client sent: an error that names no event is about that. */
  isNewest: boolean;
};

/** Outputs of parallel calls are sent together; more than a handful do not wait for an error. */
const MOST_SENT = 16;

/** The outputs that the client sent, with a new item of it behind them: `newest`, or null where that is no output. */
export function withSent(sent: readonly SentOutput[], newest: SentOutput | null): SentOutput[] {
  const older = sent.map((output) => (output.isNewest ? { ...output, isNewest: false } : output));
  return newest === null ? older : [...older, newest].slice(-MOST_SENT);
}

/** Written as a chat message with the role `tool`, it is no output for the server, but it was meant as one. xAI's calls have that role too. */
export function isOutput(item: Json | undefined): boolean {
  const type = stringAt(item, 'type');
  return type === 'function_call_output' || (stringAt(item, 'role') === 'tool' && type !== 'function_call');
}

/** Whether an output says nothing, by which some applications tell that silence is meant. */
export function isEmptyOutput({ output }: JsonObject): boolean {
  return output === undefined || output === null || (typeof output === 'string' && output.trim() === '');
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

/** What parameters of other messages begin with: of an item, a request, an update, a truncation. */
const ROOTS_OF_OTHERS = ['item', 'response', 'session', 'item_id', 'content_index', 'audio_end_ms'];

/**
 * Whether an error answers that output: by the event that it names, or, where it names none, by a field that the item has or should have.
 * Some clients use one id for all they send: what is plainly about another message is not about the output.
 */
export function isAboutOutput(error: Json | undefined, { eventId, fields, isNewest }: SentOutput): boolean {
  const cause = causeOf(error);
  const [root = '', field] = partsOfParam(error);
  const isOfItem = root === 'item' && (field === undefined || fields.includes(field) || OUTPUT_FIELDS.includes(field));
  if (cause === undefined) return isNewest && isOfItem;
  return cause === eventId && (isOfItem || !ROOTS_OF_OTHERS.includes(root)) && !isRace(error);
}

/** Whether an error refuses a `response.create`. */
export function isAboutRequest(error: Json | undefined): boolean {
  return partsOfParam(error)[0] === 'response' || codeOf(error) === 'conversation_already_has_active_response';
}

/** `item`, `content`, `0]`, `type` of `item.content[0].type`. */
function partsOfParam(error: Json | undefined): readonly string[] {
  return (stringAt(error, 'param') ?? '').split(/[.[]/);
}
