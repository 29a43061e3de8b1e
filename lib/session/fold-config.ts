import type { JsonObject } from '#lib/base/json.ts';
import { objectAt, stringAt } from '#lib/base/json.ts';
import { keptId, keptIdOrNull } from '#lib/base/kept-id.ts';
import { answeredUpdate, refusalName, refusedUpdate, withRequest } from '#lib/protocol/config-answers.ts';
import { compareConfig } from '#lib/protocol/config-map.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import { inputFormatOf, outputFormatOf } from './audio-format.ts';
import type { FoldEvent, Handlers } from './fold-event.ts';
import { abandonTurns } from './fold-turns.ts';
import { mergeConfig } from './merge-config.ts';
import type { PendingUpdate, SessionState } from './state.ts';
import type { ConfigStatus } from './view.ts';
import { boundObject, wasCut, wireWord } from './wire-text.ts';

/**
 * Requested and effective configuration.
 * none → (client sends an update) pending → (the provider echoes a configuration) applied or partly, or (an error answers it) rejected;
 * `partly` also where one update was refused and another taken. Each update is answered whole: an error drops all of it.
 */

/** Most updates kept waiting for an answer. */
const MAX_PENDING = 50;

/** Configuration handlers of server events. */
export const configServerHandlers: Handlers = {
  'session.created': sessionCreated,
  'session.started': sessionUpdated,
  'session.updated': sessionUpdated,
  'transcription_session.created': sessionCreated,
  'transcription_session.updated': sessionUpdated,
  error: updateRefused,
};

/** Configuration handlers of client events. */
export const configClientHandlers: Handlers = {
  'session.update': updateSent,
  'session.start': updateSent,
  'transcription_session.update': updateSent,
  'response.create': responseAsked,
};

function updateSent(state: SessionState, event: FoldEvent, decoded: DecodedEvent): void {
  // vLLM's update has its only field, the model, at the top.
  const config = objectAt(decoded.body, 'session') ?? vllmUpdate(decoded.body);
  if (config === undefined) return;
  const kept = boundObject(config);
  state.row.requestedConfig = boundObject(mergeConfig(state.row.requestedConfig, kept));
  state.config.pending.push({
    seq: event.seq,
    eventId: keptIdOrNull(decoded.keys.eventId),
    type: decoded.type,
    requested: kept,
    shared: [],
  });
  if (state.config.pending.length > MAX_PENDING) state.config.pending.shift();
  state.row.configStatus = 'pending';
}

function responseAsked({ config }: SessionState, _event: FoldEvent, { body }: DecodedEvent): void {
  if (config.pending.length > 0) config.pending = withRequest(config.pending, objectAt(body, 'response'));
}

function vllmUpdate(body: JsonObject): JsonObject | undefined {
  const model = stringAt(body, 'model');
  return model === undefined ? undefined : { model };
}

function sessionCreated(state: SessionState, _event: FoldEvent, decoded: DecodedEvent): void {
  const session = objectAt(decoded.body, 'session');
  const id = stringAt(session, 'id') ?? stringAt(decoded.body, 'id');
  const again = id !== undefined && state.row.providerSessionId !== null && state.row.providerSessionId !== keptId(id);
  if (again) beginAnew(state);
  takeEffective(state, session ?? {}, id);
  if (again && state.row.requestedConfig !== null) judge(state);
}

/** The connection was made again within one capture: the new provider session knows nothing of the old one. */
function beginAnew(state: SessionState): void {
  state.config.pending = [];
  state.config.refusedBy = null;
  state.currentResponse = null;
  state.answeredCalls = [];
  abandonTurns(state);
}

function sessionUpdated(state: SessionState, _event: FoldEvent, decoded: DecodedEvent): void {
  const session = objectAt(decoded.body, 'session');
  takeEffective(state, session ?? {}, stringAt(session, 'id'));
  const { pending } = state.config;
  const answered = session === undefined ? pending[0] : answeredUpdate(pending, boundObject(session), state.dialect.provider);
  if (answered === undefined) {
    // The answer before may have been to somebody else's update, or an error about another message: this one may show that all was applied.
    if (state.row.configStatus === 'rejected' && agrees(state)) state.config.applied += 1;
    if (state.row.configStatus === 'partly' || state.row.configStatus === 'rejected') judge(state);
    return;
  }
  state.config.applied += 1;
  // A server takes updates in order: those before the answered one are over too.
  settle(state, pending.splice(0, pending.indexOf(answered) + 1));
}

function takeEffective(state: SessionState, session: JsonObject, id: string | undefined): void {
  if (Object.keys(session).length > 0) state.row.effectiveConfig = boundObject(session);
  if (id !== undefined && id !== '') state.row.providerSessionId = keptId(id);
  state.row.model = wireWord(session['model']) ?? state.row.model;
  state.outputBytesPerMs = outputFormatOf(session) ?? state.outputBytesPerMs;
  state.input.bytesPerMs = inputFormatOf(session, state.dialect.provider) ?? state.input.bytesPerMs;
}

function updateRefused(state: SessionState, _event: FoldEvent, decoded: DecodedEvent): void {
  const error = objectAt(decoded.body, 'error') ?? decoded.body;
  const name = refusalName(decoded.keys.eventId, error);
  if (name !== null && name === state.config.refusedBy) return;
  const refused = refusedUpdate(state.config.pending, error);
  if (refused === null || refused === undefined) return;
  state.config.refusedBy = name;
  state.config.rejected += 1;
  state.config.pending.splice(state.config.pending.indexOf(refused), 1);
  settle(state, [refused]);
}

function settle(state: SessionState, answered: readonly PendingUpdate[]): void {
  for (const { requested } of answered) state.config.settled = boundObject(mergeConfig(state.config.settled, requested));
  judge(state);
}

function judge(state: SessionState): void {
  state.row.configStatus = state.config.pending.length > 0 ? 'pending' : verdict(state);
}

function verdict(state: SessionState): ConfigStatus {
  const { config } = state;
  if (config.applied === 0 && config.rejected > 0) return 'rejected';
  return (agrees(state) ?? config.rejected === 0) ? 'applied' : 'partly';
}

/** Whether what is in force holds all that was asked for; null where one of them is not known whole. */
function agrees({ config, row, dialect }: SessionState): boolean | null {
  const asked = config.settled ?? row.requestedConfig;
  if (asked === null || row.effectiveConfig === null) return null;
  if (wasCut(asked) || wasCut(row.effectiveConfig)) return null;
  return compareConfig(asked, row.effectiveConfig, dialect.provider).length === 0;
}
