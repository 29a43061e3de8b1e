import type { CatalogueEntry, Format } from './catalogue-entry.ts';
import type { Decoded, DecodedEvent } from './decode.ts';
import { formatValue } from './format-value.ts';
import type { LabelPart } from './label.ts';
import { parseLabel } from './label.ts';
import { readPath } from './path.ts';

/** Longest note, in characters as JavaScript counts them. */
export const MAX_NOTE = 160;

const LABELS = new WeakMap<CatalogueEntry, readonly LabelPart[]>();

/**
 * What to know of an event beside its type, on one line: a delta's text, an error's message, a status with tokens.
 * Rendered from the catalogue's `label`; null where there is nothing to say.
 */
export function renderNote(decoded: Decoded): string | null {
  if (!decoded.ok || decoded.entry === null || decoded.entry.label === '') return null;
  const note = renderParts(decoded, labelOf(decoded.entry))?.trim();
  return note === undefined || note === '' ? null : shorten(note);
}

function labelOf(entry: CatalogueEntry): readonly LabelPart[] {
  const known = LABELS.get(entry);
  if (known !== undefined) return known;
  const parts = parseLabel(entry.label);
  LABELS.set(entry, parts);
  return parts;
}

/** What an optional part begins with where it is not the first. */
const SEPARATOR = /^ · /;

/** Null if a value outside any optional part is missing. */
function renderParts(event: DecodedEvent, parts: readonly LabelPart[]): string | null {
  let text = '';
  for (const part of parts) {
    const rendered = renderPart(event, part);
    if (rendered === null) return null;
    text += text === '' && part.kind === 'optional' ? rendered.replace(SEPARATOR, '') : rendered;
  }
  return text;
}

function renderPart(event: DecodedEvent, part: LabelPart): string | null {
  if (part.kind === 'words') return part.text;
  if (part.kind === 'optional') return renderParts(event, part.parts) ?? '';
  return renderValue(event, part.paths, part.format);
}

function renderValue(event: DecodedEvent, paths: readonly (readonly string[])[], format: Format): string | null {
  for (const path of paths) {
    const text = formatValue(readPath(event.body, path), format);
    if (text !== null) return text;
  }
  return null;
}

/** Cuts without leaving half of a surrogate pair. */
function shorten(text: string): string {
  return text.length <= MAX_NOTE
    ? text
    : `${text
        .slice(0, MAX_NOTE - 1)
        .toWellFormed()
        .replace(/\ufffd$/u, '')}…`;
}
