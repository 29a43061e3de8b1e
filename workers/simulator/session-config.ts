import type { Json, JsonObject } from '#lib/base/json.ts';
import { arrayAt, isJsonObject, objectAt, stringAt } from '#lib/base/json.ts';
import type { AudioFormat } from './audio-format.ts';
import type { SimulatorDialect } from './dialect.ts';
import { isBetaShaped, toBetaFormat, toBetaModalities, toGaFormat } from './dialect.ts';
import { checkField, missingParameter } from './field-check.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import { BETA_RESPONSE, BETA_SESSION, GA_RESPONSE, GA_SESSION } from './session-fields.ts';
import type { TurnRule } from './voice-activity.ts';
import { makeWireId } from './wire-ids.ts';

/** The session's configuration, always kept in the GA shape; the beta shape is made from it on the way out. */
export type SessionConfig = JsonObject;

const DEFAULT_INSTRUCTIONS =
  'Your knowledge cutoff is 2023-10. You are a helpful, witty, and friendly AI. Act like a human, but remember that you are not one. ' +
  'Your voice and personality should be warm and engaging, with a lively and playful tone. Talk quickly.';
const SESSION_SECONDS = 3600;

/** What a session is before anyone has updated it. */
export function defaultSession(input: {
  readonly model: string;
  readonly dialect: SimulatorDialect;
  readonly type: string;
}): SessionConfig {
  return {
    type: input.type,
    object: 'realtime.session',
    id: makeWireId('sess'),
    model: input.model,
    output_modalities: ['audio'],
    instructions: DEFAULT_INSTRUCTIONS,
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    expires_at: Math.floor(Date.now() / 1000) + SESSION_SECONDS,
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24_000 },
        transcription: null,
        noise_reduction: null,
        turn_detection: fillTurnDetection({}, 200),
      },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: isBetaShaped(input.dialect) ? 'alloy' : 'marin', speed: 1 },
    },
    include: null,
  };
}

/** The session after a `session.update`, or why all of it is rejected: an update is applied as a whole or not at all. */
export function updateSession(
  current: SessionConfig,
  change: Json | undefined,
  dialect: SimulatorDialect,
  assistantHasSpoken: boolean,
): SessionConfig | Refusal {
  if (change === undefined) return missingParameter('session');
  const beta = isBetaShaped(dialect);
  const wrong =
    checkToolNames(change, 'session') ??
    checkField(change, { is: 'object', fields: beta ? BETA_SESSION : GA_SESSION, required: beta ? [] : ['type'] }, 'session') ??
    checkMeaning(change as JsonObject, beta, 'session');
  if (wrong !== null) return wrong;
  const asked = beta ? toGaSession(change as JsonObject) : (change as JsonObject);
  const voice = outputOf(asked)['voice'];
  if (assistantHasSpoken && voice !== undefined && JSON.stringify(voice) !== JSON.stringify(outputOf(current)['voice'])) {
    return refuse(
      'cannot_update_voice',
      "Cannot update a conversation's voice if assistant audio is present.",
      'session.audio.output.voice',
    );
  }
  return fillDefaults(merge(current, { ...asked, model: current['model'] ?? null, type: current['type'] ?? null }), beta);
}

/** The settings of one response: the session's, with what `response.create` overrides. */
export function responseSettings(
  session: SessionConfig,
  body: Json | undefined,
  dialect: SimulatorDialect,
): SessionConfig | Refusal {
  if (body === undefined || body === null) return session;
  const beta = isBetaShaped(dialect);
  const wrong =
    checkToolNames(body, 'response') ??
    checkField(body, { is: 'object', fields: beta ? BETA_RESPONSE : GA_RESPONSE }, 'response') ??
    checkMeaning(body as JsonObject, beta, 'response');
  if (wrong !== null) return wrong;
  return merge(session, beta ? toGaSession(body as JsonObject) : (body as JsonObject));
}

/** The `session` object of `session.created` and `session.updated`. */
export function renderSession(config: SessionConfig, dialect: SimulatorDialect): JsonObject {
  if (!isBetaShaped(dialect)) return config;
  const input = inputOf(config);
  return {
    id: config['id'] ?? null,
    object: 'realtime.session',
    expires_at: config['expires_at'] ?? 0,
    input_audio_noise_reduction: input['noise_reduction'] ?? null,
    turn_detection: input['turn_detection'] ?? null,
    input_audio_format: toBetaFormat(input['format'] ?? null),
    input_audio_transcription: input['transcription'] ?? null,
    client_secret: null,
    include: null,
    model: config['model'] ?? null,
    modalities: toBetaModalities(config['output_modalities'] ?? []),
    instructions: config['instructions'] ?? '',
    voice: outputOf(config)['voice'] ?? null,
    output_audio_format: toBetaFormat(outputOf(config)['format'] ?? null),
    tool_choice: config['tool_choice'] ?? 'auto',
    temperature: config['temperature'] ?? 0.8,
    max_response_output_tokens: config['max_output_tokens'] ?? 'inf',
    tools: config['tools'] ?? [],
  };
}

/** A GA session as a client of the beta would write it; used to play one scenario in every dialect. */
export function toBetaSession(session: JsonObject): JsonObject {
  const beta: JsonObject = {};
  const put = (name: string, value: Json | undefined) => {
    if (value !== undefined) beta[name] = value;
  };
  for (const name of ['instructions', 'tools', 'tool_choice', 'temperature', 'conversation', 'input', 'metadata'])
    put(name, session[name]);
  const { format: inputFormat, transcription, turn_detection, noise_reduction } = inputOf(session);
  const { format: outputFormat, voice, speed } = outputOf(session);
  put('modalities', session['output_modalities'] === undefined ? undefined : toBetaModalities(session['output_modalities']));
  put('max_response_output_tokens', session['max_output_tokens']);
  put('voice', voice);
  put('speed', speed);
  put('input_audio_format', inputFormat === undefined ? undefined : toBetaFormat(inputFormat));
  put('output_audio_format', outputFormat === undefined ? undefined : toBetaFormat(outputFormat));
  put('input_audio_transcription', transcription);
  put('input_audio_noise_reduction', noise_reduction);
  put('turn_detection', turn_detection);
  return beta;
}

/** Format of the audio that the client appends. */
export function inputFormat(config: SessionConfig): AudioFormat {
  return toBetaFormat(inputOf(config)['format'] ?? null) as AudioFormat;
}

/** Format of the audio that the provider sends. */
export function outputFormat(config: SessionConfig): AudioFormat {
  return toBetaFormat(outputOf(config)['format'] ?? null) as AudioFormat;
}

/** The turn detection in force, or null where the client commits its turns itself. */
export function turnRule(config: SessionConfig): TurnRule | null {
  const detection = objectAt(inputOf(config), 'turn_detection');
  if (detection === undefined) return null;
  if (detection['type'] === 'semantic_vad') {
    const wait: Record<string, number> = { high: 350, low: 1200 };
    return { threshold: 0.5, prefixMs: 300, silenceMs: wait[stringAt(detection, 'eagerness') ?? 'auto'] ?? 650 };
  }
  return {
    threshold: Number(detection['threshold']),
    prefixMs: Number(detection['prefix_padding_ms']),
    silenceMs: Number(detection['silence_duration_ms']),
  };
}

/** Whether turn detection does something by itself: answer (`create_response`) or interrupt (`interrupt_response`). */
export function turnDoes(config: SessionConfig, what: 'create_response' | 'interrupt_response'): boolean {
  return objectAt(inputOf(config), 'turn_detection')?.[what] === true;
}

/** Model of the input transcription, or null where it is off. */
export function transcriptionModel(config: SessionConfig): string | null {
  return stringAt(inputOf(config)['transcription'], 'model') ?? null;
}

function inputOf(config: JsonObject): JsonObject {
  return objectAt(config['audio'], 'input') ?? {};
}

function outputOf(config: JsonObject): JsonObject {
  return objectAt(config['audio'], 'output') ?? {};
}

/** A function without a name is refused for that before anything unknown in it, which is what chat-style tools meet. */
function checkToolNames(body: Json, path: string): Refusal | null {
  const nameless = arrayAt(body, 'tools').findIndex(
    (tool) => isJsonObject(tool) && stringAt(tool, 'type') !== 'mcp' && stringAt(tool, 'name') === undefined,
  );
  return nameless === -1 ? null : missingParameter(`${path}.tools[${nameless}].name`);
}

/** What a field-by-field check cannot see: combinations of modalities. */
function checkMeaning(body: JsonObject, beta: boolean, path: string): Refusal | null {
  const name = beta ? 'modalities' : 'output_modalities';
  const asked = body[name];
  if (Array.isArray(asked)) {
    const sorted = [...asked].sort().join('+');
    const allowed = beta ? ['text', 'audio+text'] : ['text', 'audio'];
    const supported = beta ? "['text'] and ['audio', 'text']" : "['text'] and ['audio']";
    const shown = asked.map((modality) => `'${String(modality)}'`).join(', ');
    if (!allowed.includes(sorted)) {
      return refuse(
        'invalid_value',
        `Invalid modalities: [${shown}]. Supported combinations are: ${supported}.`,
        `${path}.${name}`,
      );
    }
  }
  return null;
}

function toGaSession(beta: JsonObject): JsonObject {
  const { modalities, voice, speed, input_audio_format, output_audio_format, input_audio_transcription, ...rest } = beta;
  const { input_audio_noise_reduction, turn_detection, max_response_output_tokens, ...same } = rest;
  const input = dropUndefined({
    format: input_audio_format === undefined ? undefined : toGaFormat(input_audio_format),
    transcription: input_audio_transcription,
    noise_reduction: input_audio_noise_reduction,
    turn_detection,
  });
  const output = dropUndefined({
    format: output_audio_format === undefined ? undefined : toGaFormat(output_audio_format),
    voice,
    speed,
  });
  const output_modalities = Array.isArray(modalities) ? (modalities.includes('audio') ? ['audio'] : ['text']) : undefined;
  return {
    ...same,
    ...dropUndefined({ output_modalities, max_output_tokens: max_response_output_tokens }),
    audio: { input, output },
  };
}

function dropUndefined(object: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** Left out means unchanged, null clears, objects are merged leaf by leaf. */
function merge(current: JsonObject, change: JsonObject): JsonObject {
  const merged: JsonObject = { ...current };
  for (const [name, value] of Object.entries(change)) {
    const before = current[name];
    merged[name] = isJsonObject(value) && isJsonObject(before) && value['type'] === undefined ? merge(before, value) : value;
  }
  return merged;
}

/** Adds what the provider echoes for fields that the client left out of an object. */
function fillDefaults(config: SessionConfig, beta: boolean): SessionConfig {
  const input = inputOf(config);
  const filled: JsonObject = { ...input };
  if (isJsonObject(input['turn_detection']))
    filled['turn_detection'] = fillTurnDetection(input['turn_detection'], beta ? 500 : 200);
  if (isJsonObject(input['transcription'])) filled['transcription'] = { language: null, prompt: null, ...input['transcription'] };
  return { ...config, audio: { input: filled, output: outputOf(config) } };
}

/** The beta fills in 500 ms of silence where the client names server_vad without it, GA keeps the 200 ms of its default. */
function fillTurnDetection(asked: JsonObject, silenceMs: number): JsonObject {
  if (asked['type'] === 'semantic_vad')
    return { type: 'semantic_vad', eagerness: 'auto', create_response: true, interrupt_response: true, ...asked };
  return {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: silenceMs,
    idle_timeout_ms: null,
    create_response: true,
    interrupt_response: true,
    ...asked,
  };
}
