import type { Json, JsonObject } from '#lib/base/json.ts';
import { stringAt } from '#lib/base/json.ts';
import { compareConfig } from './config-map.ts';
import { causeOf, refusesConfig, sparesConfig } from './error-codes.ts';

/** An update of the configuration that waits for its answer. */
export type SentUpdate = {
  /** As `keptId` leaves it. */
  eventId: string | null;
  /** As it stood on the wire: beta had one of its own for transcription. */
  type: string;
  requested: JsonObject;
};

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
 * @returns null where the error is about something else; undefined where it refuses an update that is not known
 */
export function refusedUpdate<Update extends SentUpdate>(
  updates: readonly Update[],
  error: Json | undefined,
): Update | undefined | null {
  if (sparesConfig(error)) return null;
  const param = stringAt(error, 'param');
  const cause = causeOf(error);
  const message = stringAt(error, 'message') ?? '';
  const named = updates.find(({ eventId, type }) =>
    cause === undefined ? param === 'type' && message.startsWith(`Invalid value: '${type}'`) : eventId === cause,
  );
  if (named !== undefined) return named;
  if (!refusesConfig(error)) return cause === undefined && param !== undefined ? holderOf(updates, param) : null;
  const speaking = updates.find(({ requested }) => param !== undefined && requestedAt(requested, param) !== undefined);
  return speaking ?? (cause === undefined ? updates[0] : undefined);
}

/** Fields that other client events have too. */
const SHARED_FIELDS: readonly string[] = ['type', 'audio'];

/** The oldest update with the field that a parameter begins with, where a server leaves `session.` out: `tools[0].name`; null where none has it. */
function holderOf<Update extends SentUpdate>(updates: readonly Update[], param: string): Update | null {
  const [field = ''] = param.split(/[.[]/);
  if (SHARED_FIELDS.includes(param)) return null;
  return updates.find(({ requested }) => Object.hasOwn(requested, field)) ?? null;
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
