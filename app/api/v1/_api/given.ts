import { z } from 'zod';

/** What requests may hold, so that a column can: everything else is refused before it reaches the database. */

/** A text without NUL. */
export function givenText(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((text) => !text.includes('\0'), 'has a NUL character');
}

/** A moment in ISO 8601 with its offset, of the years that can be written with four digits in UTC. */
export const givenTime = z.iso.datetime({ offset: true }).refine((text) => {
  const ms = Date.parse(text);
  return ms >= FIRST_MS && ms <= LAST_MS;
}, 'is outside the years 1 to 9999');

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
