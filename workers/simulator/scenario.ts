import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DeltascopeError } from '#lib/base/errors.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { DIALECTS } from './dialect.ts';

/**
 * A scenario is one JSON file that says what both parties do: `caller` is a list of steps in order, `provider` what it hears
 * and answers. Event types and bodies in it are GA; the player writes them in the dialect it speaks. See README.md for the steps and
 * for the faults that a scenario may plant.
 */
const EVENT = z.record(z.string(), z.unknown()).refine((event) => typeof event['type'] === 'string', 'an event needs a type');
const MS = z.number().min(0);

const CALLER_STEP = z.discriminatedUnion('do', [
  /** `asWritten`: the event goes out as it stands, also where the dialect has another shape. */
  z.strictObject({ do: z.literal('send'), event: EVENT, asWritten: z.boolean().default(false) }),
  z.strictObject({ do: z.literal('type'), text: z.string() }),
  z.strictObject({ do: z.literal('speak'), text: z.string() }),
  z.strictObject({ do: z.literal('open-microphone') }),
  z.strictObject({ do: z.literal('close-microphone') }),
  z.strictObject({ do: z.literal('await'), type: z.string(), count: z.int().min(1).default(1) }),
  z.strictObject({
    do: z.literal('give-tool-output'),
    output: z.string(),
    afterMs: MS.default(0),
    /** The faults of applications: the item lacks its `call_id`, or nothing asks the model to go on. */
    withoutCallId: z.boolean().default(false),
    withoutResponseCreate: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal('truncate-to-played') }),
  z.strictObject({ do: z.literal('pause'), ms: MS }),
  z.strictObject({ do: z.literal('await-close'), code: z.int() }),
]);

const ANSWER = z.union([
  /** `stallsAfterWords`: nothing more comes after so many words, and the response stays open. */
  z.strictObject({ say: z.string().min(1), stallsAfterWords: z.int().min(0).optional() }),
  z.strictObject({ call: z.string().min(1), arguments: z.record(z.string(), z.unknown()).default({}) }),
  /** A tool that the provider runs itself, on an MCP server. */
  z.strictObject({
    callMcp: z.string().min(1),
    server: z.string().min(1),
    arguments: z.record(z.string(), z.unknown()).default({}),
    output: z.string(),
    takesMs: MS.default(600),
  }),
  z.strictObject({ fail: z.strictObject({ type: z.string().default('server_error'), code: z.string(), message: z.string() }) }),
]);

/** What may be wrong with the provider, each named for what a client sees of it. */
const FAULTS = {
  /** Event types that are never sent. */
  leavesOut: z.array(z.string()).default([]),
  /** Single events that get lost on the way: the `count`-th of a type. */
  loses: z.array(z.strictObject({ type: z.string(), count: z.int().min(1) })).default([]),
  /** Fields of the session that an update confirms without taking them over. */
  ignores: z.array(z.string()).default([]),
  /** The audio travels on the media track of a WebRTC call; the socket is its sideband. */
  mediaTrack: z.boolean().default(false),
  /** Greets nobody: one `error`, then the connection is closed. */
  turnsAway: z.strictObject({ code: z.string(), message: z.string(), closeCode: z.int(), closeReason: z.string() }).optional(),
};

const SCENARIO = z.strictObject({
  summary: z.string().min(1),
  model: z.string().default('gpt-realtime'),
  /** Dialects in which it can be played. */
  dialects: z
    .array(z.enum(DIALECTS))
    .min(1)
    .default([...DIALECTS]),
  caller: z.array(CALLER_STEP).default([]),
  provider: z.strictObject({
    /** Transcripts of the caller's spoken turns, in order. */
    hears: z.array(z.string()).default([]),
    /** One entry for each response, in order; each is one thing or several things in a row. */
    answers: z.array(z.union([ANSWER, z.array(ANSWER).min(1)])).default([]),
    /** From `response.created` to the first output, a range. */
    firstOutputMs: z.tuple([MS, MS]).default([300, 700]),
    /** How many seconds of speech are sent in one second. */
    speechRate: z.number().min(0.5).max(100).default(4),
    /** Tools of each MCP server, by its label: listed once a session names the server. */
    mcpTools: z.record(z.string(), z.array(z.string())).default({}),
    ...FAULTS,
  }),
});

export type CallerStep = z.infer<typeof CALLER_STEP>;
export type Answer = z.infer<typeof ANSWER>;
export type ProviderScript = z.infer<typeof SCENARIO>['provider'];
export interface Scenario extends z.infer<typeof SCENARIO> {
  readonly name: string;
}

const FOLDER = join(import.meta.dirname, 'scenarios');
const FILE = /^([a-z0-9-]+)\.json$/;

/** How the provider behaves when nobody chose a scenario: it answers what it is told. */
export const FREE_SCRIPT: ProviderScript = SCENARIO.shape.provider.parse({});

/** Names of all scenario files. */
export function listScenarios(folder: string = FOLDER): string[] {
  return readdirSync(folder)
    .flatMap((file) => FILE.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * Reads one scenario file.
 * @throws DeltascopeError DS_SIMULATOR_SCENARIO_UNKNOWN, DS_SIMULATOR_SCENARIO_INVALID
 */
export function readScenario(name: string, folder: string = FOLDER): Scenario {
  const known = listScenarios(folder);
  if (!known.includes(name)) {
    throw new DeltascopeError(
      'DS_SIMULATOR_SCENARIO_UNKNOWN',
      `There is no scenario "${name.slice(0, 100)}"; there are ${known.join(', ')}.`,
    );
  }
  const file = join(folder, `${name}.json`);
  return { name, ...parseScenario(readFileSync(file, 'utf8'), file) };
}

function parseScenario(text: string, file: string): z.infer<typeof SCENARIO> {
  const json = parseJson(text);
  const parsed = SCENARIO.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new DeltascopeError('DS_SIMULATOR_SCENARIO_INVALID', `${file}: ${json === undefined ? 'not JSON' : problems}.`);
}

function parseJson(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}
