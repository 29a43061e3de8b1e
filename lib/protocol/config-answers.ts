import type { Json, JsonObject } from '#lib/base/json.ts';
import { stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import { compareConfig } from './config-map.ts';
import { causeOf, refusesConfig, sparesConfig } from './error-codes.ts';

/** An update of the configuration that waits for its answer. */
export type SentUpdate = {
  /** As `keptId` leaves it. */
  eventId: string | null;
  /** As it stood on the wire: beta had one of its own for transcription. */
  type: string;
  requested: JsonObject;
  /** Its fields that a `response.create` behind it has too: an error about one may be about that. */
  shared: string[];
};

/** The updates, with a `response.create` behind them that asks for those fields. */
export function withRequest<Update extends SentUpdate>(updates: readonly Update[], fields: JsonObject | undefined): Update[] {
  return updates.map((update) => {
    const more = Object.keys(update.requested).filter((name) => fields !== undefined && Object.hasOwn(fields, name));
    return more.length === 0 ? update : { ...update, shared: [...new Set([...update.shared, ...more])] };
  });
}

/**
 * Which of the updates, the oldest first, a `session.updated` answers, which names none: the oldest that it agrees with, since an error
 * may have refused those before without saying so; else the oldest.
 */
export function answeredUpdate<Update extends SentUpdate>(
  updates: readonly Update[],
  effective: JsonObject,
  provider: string,
): Update | undefined {
  return updates.find(({ requested }) => compareConfig(requested, effective, provider).length === 0) ?? updates[0];
}

/**
 * Which update an error refuses: the one that it names. One that names none, or one that nobody sent, but is about the session answers
 * the oldest that speaks of its parameter, else, if it names none, the oldest.
 * @param waiting those of the updates that an error may be about which does not say that it is about a session
 * @returns null where the error is about something else; undefined where it refuses an update that is not known
 */
export function refusedUpdate<Update extends SentUpdate>(
  updates: readonly Update[],
  error: Json | undefined,
  waiting: readonly Update[] = updates,
): Update | undefined | null {
  if (sparesConfig(error)) return null;
  const param = stringAt(error, 'param');
  const cause = causeOf(error);
  const message = stringAt(error, 'message') ?? '';
  const named = updates.find(({ eventId, type }) =>
    cause === undefined ? param === 'type' && message.startsWith(`Invalid value: '${type}'`) : eventId === cause,
  );
  if (named !== undefined) return named;
  if (!refusesConfig(error)) return cause === undefined && param !== undefined ? holderOf(waiting, param) : null;
  const speaking = updates.find(({ requested }) => param !== undefined && requestedAt(requested, param) !== undefined);
  return speaking ?? (cause === undefined ? updates[0] : undefined);
}

/** Fields that other client events have too. */
const SHARED_FIELDS: readonly string[] = ['type', 'audio'];

/** The oldest update with the field that a parameter begins with, where a server leaves `session.` out: `tools[0].name`; null where none has it alone. */
function holderOf<Update extends SentUpdate>(updates: readonly Update[], param: string): Update | null {
  const [field = ''] = param.split(/[.[]/);
  if (SHARED_FIELDS.includes(param)) return null;
  return updates.find(({ requested, shared }) => Object.hasOwn(requested, field) && !shared.includes(field)) ?? null;
}

/** What tells an error from the next: its own id and its parameter, since some servers give all errors one id; null where it has no id. */
export function refusalName(eventId: string | null, error: Json | undefined): string | null {
  return eventId === null ? null : `${keptId(eventId)} ${keptId(stringAt(error, 'param') ?? '')}`;
}

/** What the client sent at a parameter as errors name it: `session.audio.input.format`, `session.tools[0].name`. */
export function requestedAt(requested: JsonObject, param: string): Json | undefined {
  const path = param.split(/[.[\]]+/).filter((part) => part !== '' && part !== 'session');
  let value: unknown = requested;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value as Json;
}
