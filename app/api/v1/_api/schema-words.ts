import { z } from 'zod';
import type { Json } from '#lib/base/json.ts';
import { named } from './named-schemas.ts';

/** What rows of the API are made of. */

export const text = z.string();
export const count = z.int();
/** A time that is always known. */
export const moment = z.iso.datetime({ precision: 6 });
export const time = moment.nullable().describe('ISO 8601 in UTC to the microsecond; null where unknown.');
export const seq = z.int().min(0).describe('Place in the session: 1, 2, 3 … as received; a hole is a loss.');
export const texts = z.record(text, text);
export const jsonValue = named('JsonValue', z.unknown() as z.ZodType<Json>);
export const json = z.record(text, jsonValue).nullable();
