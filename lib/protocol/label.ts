import type { Format } from './catalogue-entry.ts';
import { FORMATS } from './catalogue-entry.ts';
import type { Path } from './path.ts';
import { compilePath } from './path.ts';

/**
 * The catalogue's template of a note. `{path}` is a value, `{a/b}` the first that is present, `{path|format}` says how to
 * show it, `[…]` is left out as a whole unless every value in it is present: `{response.status}[ ({response.usage.total_tokens} tokens)]`.
 */
export type LabelPart =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'value'; readonly paths: readonly Path[]; readonly format: Format }
  | { readonly kind: 'optional'; readonly parts: readonly LabelPart[] };

/** Parses a template; throws a plain error at a bracket without partner or an unknown format. */
export function parseLabel(template: string): readonly LabelPart[] {
  const parts: LabelPart[] = [];
  let at = 0;
  while (at < template.length) {
    const close = closerOf(template.charAt(at));
    const end = close === null ? nextOpener(template, at) : template.indexOf(close, at);
    if (end === -1) throw new Error(`bracket without partner at ${at}`);
    const inner = template.slice(close === null ? at : at + 1, end);
    parts.push(partOf(close, inner));
    at = close === null ? end : end + 1;
  }
  return parts;
}

function closerOf(character: string): '}' | ']' | null {
  if (character === '{') return '}';
  return character === '[' ? ']' : null;
}

function nextOpener(template: string, from: number): number {
  for (let at = from; at < template.length; at += 1) if (closerOf(template.charAt(at)) !== null) return at;
  return template.length;
}

function partOf(close: '}' | ']' | null, inner: string): LabelPart {
  if (close === ']') return { kind: 'optional', parts: parseLabel(inner) };
  return close === '}' ? valuePart(inner) : { kind: 'words', text: inner };
}

function valuePart(inner: string): LabelPart {
  const [paths = '', name = 'text'] = inner.split('|');
  const format = FORMATS.find((one) => one === name);
  if (format === undefined || paths === '') throw new Error(`unknown format or empty path in {${inner}}`);
  return { kind: 'value', paths: paths.split('/').map(compilePath), format };
}
