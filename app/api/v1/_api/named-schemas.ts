import { z } from 'zod';

/** Schemas that stand under a name of their own in the OpenAPI document. */
export const NAMED_SCHEMAS = z.registry<{ readonly id: string }>();

/** Gives a schema its name in the document. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  NAMED_SCHEMAS.add(schema, { id });
  return schema;
}
