import secretFile from './data/secrets.json' with { type: 'json' };
import type { Path } from './path.ts';
import { compilePath } from './path.ts';

/** One place in an event where a secret stands. `*` in its path is any index or any key. */
export interface SecretField {
  readonly path: Path;
  readonly why: string;
}

/** Every place in an event that holds a secret: mask the text there, keep the event otherwise. */
export const SECRET_FIELDS: readonly SecretField[] = secretFile.fields.map((field) => ({
  path: compilePath(field.path),
  why: field.why,
}));

/**
 * Texts of which at least one stands (in quotes, as a key) in every event with a secret field: a message without any of
 * them needs no parsing.
 */
export const SECRET_HINTS: readonly string[] = secretFile.hints;

/** How the credentials of vendors begin, to find one that stands where no field says so. */
export const SECRET_PREFIXES: readonly string[] = secretFile.prefixes;
