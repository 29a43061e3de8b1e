import type { Json, JsonObject } from '#lib/base/json.ts';
import { arrayAt, isJsonObject, stringAt } from '#lib/base/json.ts';
import { missingParameter, unsupportedValue, wrongType } from './field-check.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import type { TokenCount } from './token-count.ts';
import { countTextTokens, NO_TOKENS } from './token-count.ts';
import { makeWireId } from './wire-ids.ts';

/** An item of the conversation: what the wire shows of it, and what only the provider knows. */
export interface StoredItem {
  readonly id: string;
  wire: JsonObject;
  /** The sound behind it: what the caller said, or what the assistant has said so far. */
  audio: Buffer;
  audioMs: number;
  tokens: TokenCount;
  /** What was said in it, where the wire does not (yet) show a transcript. */
  said: string;
}

const ITEM_TYPES = ['message', 'function_call', 'function_call_output', 'mcp_approval_response', 'item_reference'];
const PARTS_OF_ROLE: Readonly<Record<string, readonly string[]>> = {
  user: ['input_text', 'input_audio', 'input_image'],
  system: ['input_text'],
  assistant: ['output_text', 'output_audio', 'text', 'audio'],
};

/** The default conversation: items in order, as each later response reads them again. */
export class Conversation {
  readonly #items: StoredItem[] = [];

  get items(): readonly StoredItem[] {
    return this.#items;
  }

  /** Id of the last item, which is the `previous_item_id` of the next. */
  get lastId(): string | null {
    return this.#items.at(-1)?.id ?? null;
  }

  find(id: Json | undefined): StoredItem | undefined {
    return this.#items.find((item) => item.id === id);
  }

  /** The id before an item, null at the head. */
  previousId(id: string): string | null {
    const index = this.#items.findIndex((item) => item.id === id);
    return index > 0 ? (this.#items[index - 1] as StoredItem).id : null;
  }

  append(item: StoredItem): void {
    this.#items.push(item);
  }

  remove(id: string): void {
    const index = this.#items.findIndex((item) => item.id === id);
    if (index !== -1) this.#items.splice(index, 1);
  }

  /** Adds an item that the client describes, at the end, at the head (`root`) or after a named one. */
  create(asked: Json | undefined, previous: Json | undefined): StoredItem | Refusal {
    const wrong = checkItem(asked);
    if (wrong !== null) return wrong;
    const wire = asked as JsonObject;
    if (this.find(wire['id']) !== undefined) {
      return refuse(
        'item_create_duplicate_item_id',
        `Error adding item: the item with id '${String(wire['id'])}' already exists.`,
        'item.id',
      );
    }
    const at = this.#positionAfter(previous);
    if (at === -1) {
      return refuse(
        'item_create_invalid_previous_item_id',
        `Error adding item: the previous item with id '${String(previous)}' does not exist.`,
        'previous_item_id',
      );
    }
    const item = makeClientItem(wire);
    this.#items.splice(at, 0, item);
    return item;
  }

  /** Everything that a response reads: the tokens of all items. */
  tokens(): TokenCount {
    return this.#items.reduce(
      (sum, item) => ({ text: sum.text + item.tokens.text, audio: sum.audio + item.tokens.audio }),
      NO_TOKENS,
    );
  }

  #positionAfter(previous: Json | undefined): number {
    if (previous === undefined || previous === null) return this.#items.length;
    if (previous === 'root') return 0;
    const index = this.#items.findIndex((item) => item.id === previous);
    return index === -1 ? -1 : index + 1;
  }
}

/** The text of an item as a person would say it: typed, transcribed, or a tool's output. */
export function textOf(item: StoredItem): string {
  const { wire } = item;
  if (item.said !== '') return item.said;
  if (wire['type'] === 'function_call_output') return stringAt(wire, 'output') ?? '';
  return arrayAt(wire, 'content')
    .map((part) => stringAt(part, 'text') ?? stringAt(part, 'transcript') ?? '')
    .join(' ')
    .trim();
}

/** What a retrieve shows: the item with the sound of its audio part. */
export function withAudio(item: StoredItem): JsonObject {
  if (item.audio.length === 0) return item.wire;
  const content = arrayAt(item.wire, 'content').map((part) =>
    isJsonObject(part) && String(part['type']).endsWith('audio') ? { ...part, audio: item.audio.toString('base64') } : part,
  );
  return { ...item.wire, content };
}

function makeClientItem(asked: JsonObject): StoredItem {
  const { id: askedId, object: _object, ...rest } = asked;
  const id = typeof askedId === 'string' ? askedId : makeWireId('item');
  const wire: JsonObject = { id, ...rest };
  if (asked['type'] === 'message') wire['status'] = 'completed';
  const spoken = [stringAt(asked, 'output'), stringAt(asked, 'arguments'), stringAt(asked, 'name')].join('');
  const written = arrayAt(asked, 'content')
    .map((part) => stringAt(part, 'text') ?? stringAt(part, 'transcript') ?? '')
    .join('');
  return {
    id,
    wire,
    audio: Buffer.alloc(0),
    audioMs: 0,
    tokens: { text: countTextTokens(spoken + written), audio: 0 },
    said: '',
  };
}

function checkItem(asked: Json | undefined): Refusal | null {
  if (asked === undefined) return missingParameter('item');
  if (!isJsonObject(asked)) return wrongType(asked, 'an object', 'item');
  const type = asked['type'];
  if (type === undefined) return missingParameter('item.type');
  if (typeof type !== 'string' || !ITEM_TYPES.includes(type)) return unsupportedValue(String(type), ITEM_TYPES, 'item.type');
  if (type === 'message') return checkMessage(asked);
  return type.startsWith('function_call') ? checkFunctionItem(asked, type) : null;
}

function checkFunctionItem(asked: JsonObject, type: string): Refusal | null {
  const needed = type === 'function_call' ? ['name', 'arguments'] : ['call_id', 'output'];
  const missing = needed.find((name) => asked[name] === undefined);
  if (missing !== undefined) return missingParameter(`item.${missing}`);
  const notText = needed.find((name) => typeof asked[name] !== 'string');
  return notText === undefined ? null : wrongType(asked[notText] as Json, 'a string', `item.${notText}`);
}

function checkMessage(asked: JsonObject): Refusal | null {
  const role = asked['role'];
  if (role === undefined) return missingParameter('item.role');
  const allowed = typeof role === 'string' ? PARTS_OF_ROLE[role] : undefined;
  if (allowed === undefined) return unsupportedValue(String(role), Object.keys(PARTS_OF_ROLE), 'item.role');
  for (const [index, part] of arrayAt(asked, 'content').entries()) {
    const type = stringAt(part, 'type');
    if (type === undefined) return missingParameter(`item.content[${index}].type`);
    if (!allowed.includes(type)) return unsupportedValue(type, allowed, `item.content[${index}].type`);
    if (type.endsWith('text') && stringAt(part, 'text') === undefined) return missingParameter(`item.content[${index}].text`);
  }
  return null;
}
