import type { Json, JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';

/** What a field of a client event may hold. A closed set, so that the dialects can be written down as data. */
export type Field =
  | { readonly is: 'text' | 'flag' | 'anything' }
  | { readonly is: 'number' | 'whole'; readonly min: number; readonly max: number; readonly orInf?: boolean }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  | { readonly is: 'object'; readonly fields: Fields; readonly required?: readonly string[] }
  | { readonly is: 'list'; readonly of: Field }
  | { readonly is: 'text-or-object'; readonly fields: Fields };

export type Fields = Readonly<Record<string, Field>>;

/** The first thing wrong with a value, in the provider's words, or null. `null` is allowed everywhere: it clears. */
export function checkField(value: Json, field: Field, path: string): Refusal | null {
  if (value === null) return null;
  switch (field.is) {
    case 'anything':
      return null;
    case 'text':
      return typeof value === 'string' ? null : wrongType(value, 'a string', path);
    case 'flag':
      return typeof value === 'boolean' ? null : wrongType(value, 'a boolean', path);
    case 'number':
    case 'whole':
      return checkNumber(value, field, path);
    case 'choice':
      return checkChoice(value, field.of, path);
    case 'list':
      return Array.isArray(value)
        ? firstOf(value, (item, index) => checkField(item, field.of, `${path}[${index}]`))
        : wrongType(value, 'an array', path);
    case 'text-or-object':
      return typeof value === 'string' ? null : checkObject(value, field.fields, [], path);
    case 'object':
      return checkObject(value, field.fields, field.required ?? [], path);
  }
}

function checkObject(value: Json, fields: Fields, required: readonly string[], path: string): Refusal | null {
  if (!isJsonObject(value)) return wrongType(value, 'an object', path);
  const missing = required.find((name) => value[name] === undefined);
  if (missing !== undefined) return missingParameter(`${path}.${missing}`);
  return firstOf(Object.entries(value as JsonObject), ([name, inner]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) return refuse('unknown_parameter', `Unknown parameter: '${path}.${name}'.`, `${path}.${name}`);
    return checkField(inner, field, `${path}.${name}`);
  });
}

function checkNumber(
  value: Json,
  field: { is: string; min: number; max: number; orInf?: boolean },
  path: string,
): Refusal | null {
  if (field.orInf === true && value === 'inf') return null;
  if (typeof value !== 'number') return wrongType(value, field.is === 'whole' ? 'an integer' : 'a decimal', path);
  if (field.is === 'whole' && !Number.isInteger(value)) return wrongType(value, 'an integer', path);
  if (value >= field.min && value <= field.max) return null;
  return refuse(
    'invalid_value',
    `Invalid '${path}': expected a value from ${field.min} to ${field.max}, but got ${value} instead.`,
    path,
  );
}

function checkChoice(value: Json, choices: readonly string[], path: string): Refusal | null {
  if (typeof value === 'string' && choices.includes(value)) return null;
  return unsupportedValue(typeof value === 'string' ? value : JSON.stringify(value), choices, path);
}

/** The provider's sentence for a value outside a closed set. */
export function unsupportedValue(value: string, choices: readonly string[], path: string): Refusal {
  const listed = choices.map((choice) => `'${choice}'`).join(', ');
  return refuse('invalid_value', `Invalid value: '${value}'. Supported values are: ${listed}.`, path);
}

/** The provider's sentence for a field that must be there. */
export function missingParameter(path: string): Refusal {
  return refuse('missing_required_parameter', `Missing required parameter: '${path}'.`, path);
}

/** The provider's sentence for a value of the wrong kind. */
export function wrongType(value: Json, expected: string, path: string): Refusal {
  return refuse('invalid_type', `Invalid type for '${path}': expected ${expected}, but got ${kindOf(value)} instead.`, path);
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal';
  return { string: 'a string', boolean: 'a boolean' }[typeof value as string] ?? 'an object';
}

function firstOf<T>(items: readonly T[], check: (item: T, index: number) => Refusal | null): Refusal | null {
  for (const [index, item] of items.entries()) {
    const refusal = check(item, index);
    if (refusal !== null) return refusal;
  }
  return null;
}
