import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import type { Group } from './catalogue.ts';
import { findEntryInGroup } from './catalogue.ts';
import type { Dialect } from './dialect.ts';

/**
 * Names the event of a message whose envelope has no `type`: Twilio Media Streams says `event`, Nova Sonic wraps
 * `{"event": {<name>: …}}`, Gemini Live has one key per message. Null if it is none of them.
 */
export function foreignType(body: JsonObject, dialect: Dialect): { group: Group; type: string } | null {
  return twilioType(body, dialect) ?? novaType(body, dialect) ?? geminiType(body);
}

function twilioType(body: JsonObject, dialect: Dialect): { group: Group; type: string } | null {
  const event = body['event'];
  if (typeof event !== 'string' || event === '') return null;
  const known = findEntryInGroup('twilio', event) !== null && (typeof body['streamSid'] === 'string' || event === 'connected');
  return known || dialect === 'twilio' ? { group: 'twilio', type: event } : null;
}

function novaType(body: JsonObject, dialect: Dialect): { group: Group; type: string } | null {
  const envelope = body['event'];
  if (!isJsonObject(envelope)) return null;
  const names = Object.keys(envelope);
  const type =
    names.find((name) => findEntryInGroup('nova-sonic', name) !== null) ?? (dialect === 'nova-sonic' ? names[0] : undefined);
  return type === undefined ? null : { group: 'nova-sonic', type };
}

/** A message may carry usage beside its content: the content names it. */
function geminiType(body: JsonObject): { group: Group; type: string } | null {
  const known = Object.keys(body).filter((name) => findEntryInGroup('gemini-live', name) !== null);
  const type = known.find((name) => name !== 'usageMetadata') ?? known[0];
  return type === undefined ? null : { group: 'gemini-live', type };
}
