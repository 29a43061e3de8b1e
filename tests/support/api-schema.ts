import { z } from 'zod';
import { makeOpenApiDocument } from '#app/api/v1/_api/openapi.ts';

/** The OpenAPI document as who reads it sees it: JSON. */
export const DOCUMENT = JSON.parse(JSON.stringify(makeOpenApiDocument())) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};

export interface DescribedOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query'; readonly required: boolean }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: { $ref: string } }>> }>>;
}

const LOCAL = JSON.parse(JSON.stringify(DOCUMENT.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'));
const read = new Map<string, z.ZodType>();

/** A schema of the document itself, with what it refers to. */
export function schemaOf(name: string): z.ZodType {
  const schema = read.get(name) ?? z.fromJSONSchema({ $defs: LOCAL, $ref: `#/$defs/${name}` });
  read.set(name, schema);
  return schema;
}
