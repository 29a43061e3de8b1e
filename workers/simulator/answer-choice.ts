import type { Json, JsonObject } from '#lib/base/json.ts';
import { arrayAt, isJsonObject, objectAt, stringAt } from '#lib/base/json.ts';
import type { StoredItem } from './conversation.ts';
import { textOf } from './conversation.ts';
import type { Answer, ProviderScript } from './scenario.ts';
import type { SessionConfig } from './session-config.ts';

const HEARD = [
  'Hello, can you hear me?',
  'What can you do for me?',
  'Could you say that again, please?',
  'Thank you, that is all.',
];

/**
 * What the provider hears and answers: from the scenario as long as it lasts, then freely, so that any client can talk to it.
 * Free answers repeat what was said, call a tool when the text asks for it, and read a tool's output aloud.
 */
export class AnswerChoice {
  readonly #script: ProviderScript;
  #answered = 0;
  #heard = 0;

  constructor(script: ProviderScript) {
    this.#script = script;
  }

  /** The transcript of the next spoken turn. */
  hear(): string {
    const index = this.#heard++;
    return this.#script.hears[index] ?? (HEARD[index % HEARD.length] as string);
  }

  /** What the next response consists of. */
  answer(items: readonly StoredItem[], settings: SessionConfig): readonly Answer[] {
    const scripted = this.#script.answers[this.#answered++];
    if (scripted !== undefined) return Array.isArray(scripted) ? scripted : [scripted];
    return [freeAnswer(items, settings)];
  }
}

function freeAnswer(items: readonly StoredItem[], settings: SessionConfig): Answer {
  const last = items.at(-1);
  const said = last === undefined ? '' : textOf(last).slice(0, 240);
  if (last?.wire['type'] === 'function_call_output') return { say: said === '' ? 'Done.' : `Here is what I found: ${said}` };
  const tool = toolFor(said, settings);
  if (tool !== undefined) return { call: String(tool['name']), arguments: sampleArguments(objectAt(tool, 'parameters')) };
  return { say: said === '' ? 'Hello! How can I help you today?' : `You said: ${said} What would you like to do next?` };
}

/** The tool that must be called, or that the text names by one of the longer words of its name. */
function toolFor(said: string, settings: SessionConfig): JsonObject | undefined {
  const tools = arrayAt(settings, 'tools').filter((tool): tool is JsonObject => stringAt(tool, 'name') !== undefined);
  const choice = settings['tool_choice'];
  if (choice === 'none') return undefined;
  if (choice === 'required') return tools[0];
  if (isJsonObject(choice)) return tools.find((tool) => tool['name'] === choice['name']);
  const words = new Set(said.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const named = (tool: JsonObject) =>
    String(tool['name'])
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .some((word) => word.length >= 4 && words.has(word));
  return tools.find(named);
}

/** Arguments that satisfy a tool's JSON Schema in kind, for its required properties. */
function sampleArguments(schema: JsonObject | undefined): Record<string, unknown> {
  const properties = objectAt(schema, 'properties') ?? {};
  const required = arrayAt(schema, 'required').filter((name): name is string => typeof name === 'string');
  return Object.fromEntries(required.map((name) => [name, sampleValue(properties[name])]));
}

function sampleValue(schema: Json | undefined): Json {
  const first = arrayAt(schema, 'enum')[0];
  if (first !== undefined) return first;
  switch (stringAt(schema, 'type')) {
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return sampleArguments(isJsonObject(schema) ? schema : undefined) as JsonObject;
    default:
      return 'example';
  }
}
