import { z } from 'zod';
import { ERRORS } from '#lib/base/errors.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { NAMED_SCHEMAS, named } from './named-schemas.ts';
import type { Operation, ReplyBody } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { QUERY_PROBLEM } from './search-schemas.ts';

/** What any failure carries. */
const ERROR = named(
  'Error',
  z.strictObject({
    error: z.strictObject({
      code: z.enum(Object.keys(ERRORS) as [string, ...string[]]).describe('Stable; `docs/error-codes.md` explains each.'),
      message: z.string().describe('What happened here.'),
      action: z.string().describe('What to do.'),
      problems: z.array(QUERY_PROBLEM).optional().describe('What is wrong with a search query.'),
    }),
  }),
);

const MEANINGS: Readonly<Record<number, string>> = {
  200: 'What was asked for.',
  204: 'Done.',
  400: 'The request cannot be understood.',
  401: 'A session or the password is needed.',
  403: 'The request comes from another site’s page.',
  404: 'There is no such thing.',
  409: 'Not now: the session is still being recorded.',
  413: 'The request carries more than is taken.',
  421: 'The request names another host.',
  429: 'Too many wrong passwords came from this address.',
  500: 'The API failed.',
  503: 'The database does not answer, or the alerter has never run.',
};

/** Statuses of failure that any operation may answer, most of them before it is asked at all. */
const ANYWHERE = [401, 421, 429, 500, 503];

/** And any that takes something. */
const WITH_BODY = [413];

/** The OpenAPI 3.1 document of the API, made of the same schemas that the routes parse with. */
export function makeOpenApiDocument(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deltascope',
      version: '1',
      description:
        'Sessions, events and what became of them. Times are ISO 8601 in UTC to the microsecond; order is always `seq`. A method that a ' +
        'path does not answer gets 405, and `Allow` names the others.',
    },
    // Without a password nothing is asked for; with one, either will do.
    security: [{}, { password: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        password: { type: 'http', scheme: 'basic', description: 'The password of the dashboard, under any user name.' },
        session: { type: 'apiKey', in: 'cookie', name: 'deltascope.session_token', description: 'What logging in sets.' },
      },
      schemas: describeSchemas(),
    },
  };
}

function describeOperation(operation: Operation): JsonObject {
  const failures = [...operation.failures, ...(operation.request === undefined ? [] : WITH_BODY), ...ANYWHERE];
  const replies = failures.map((status) => [String(status), describeReply(status, { json: ERROR })]);
  return {
    operationId: `${operation.method}${operation.path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, '')}`,
    summary: operation.summary,
    parameters: [...describeParameters(operation.params, 'path'), ...describeParameters(operation.query, 'query')],
    ...(operation.request === undefined ? {} : { requestBody: { required: true, ...describeJson(operation.request) } }),
    responses: { [operation.status]: describeReply(operation.status, operation.body), ...Object.fromEntries(replies) },
  };
}

function describeReply(status: number, body: ReplyBody): JsonObject {
  const description = MEANINGS[status] ?? '';
  if (body === null) return { description };
  if ('media' in body) return { description, content: Object.fromEntries(body.media.map((type) => [type, {}])) };
  return { description, ...describeJson(body.json) };
}

function describeJson(schema: z.ZodType): JsonObject {
  return { content: { 'application/json': { schema: { $ref: refOf(NAMED_SCHEMAS.get(schema)?.id ?? '') } } } };
}

function describeParameters(schema: z.ZodType, place: 'path' | 'query'): JsonObject[] {
  const { properties, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property as JsonObject;
    const known = description === undefined ? {} : { description };
    return { name, in: place, required: place === 'path' || required.includes(name), schema: rest, ...known };
  });
}

function describeSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(NAMED_SCHEMAS, { uri: refOf });
  const entries = Object.entries(schemas).map(([name, { $schema, $id, ...schema }]) => [name, schema]);
  return Object.fromEntries(entries) as JsonObject;
}

function refOf(id: string): string {
  return `#/components/schemas/${id}`;
}
