import type { Json } from '#lib/base/json.ts';
import { base64Bytes } from './audio.ts';
import type { Format } from './catalogue-entry.ts';

/** Longest text that is looked at for a one-line rendering. */
const MAX_TEXT = 400;

/**
 * A field's value as people read it, by the catalogue's closed list of formats; null where the value has not the shape
 * that the format needs (the event is then shown without it). One line, at most a few hundred characters.
 */
export function formatValue(value: Json | undefined, format: Format): string | null {
  if (value === undefined || value === null) return null;
  switch (format) {
    case 'ms':
      return ofNumber(value, (n) => `${n} ms`);
    case 'seconds':
      return ofNumber(value, (n) => `${n} s`);
    case 'unix':
      return ofNumber(value, (n) => ofUnix(n));
    case 'number':
    case 'tokens':
      return ofNumber(value, String);
    case 'bytes':
      return typeof value === 'string' ? `${base64Bytes(value)} bytes` : null;
    case 'count':
      return Array.isArray(value) ? String(value.length) : null;
    case 'list':
      return Array.isArray(value) ? ofList(value) : ofPlain(value);
    case 'flag':
      return typeof value === 'boolean' ? String(value) : null;
    case 'json':
      return typeof value === 'string' ? ofPlain(value) : brief(value);
    default:
      return ofPlain(value);
  }
}

function ofPlain(value: Json): string | null {
  if (typeof value === 'string') return value === '' ? null : oneLine(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function ofNumber(value: Json, render: (n: number) => string): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? render(value) : null;
}

function ofUnix(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

function ofList(values: readonly Json[]): string {
  return values
    .slice(0, 20)
    .map((value) => ofPlain(value) ?? brief(value))
    .join(', ');
}

/** What an object or list is, without walking through it. */
function brief(value: Json): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const keys = Object.keys(value);
  return `{${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ', …' : ''}}`;
}

/** Head of a text without line breaks, control characters or broken surrogates. */
function oneLine(text: string): string {
  let line = '';
  for (const character of text.slice(0, MAX_TEXT).toWellFormed())
    line += character < ' ' || character === '\u007f' ? ' ' : character;
  return line;
}
