import { isJsonObject, objectAt, stringAt } from '#lib/base/json.ts';

/** A failed read as the page tells it. */
export interface Problem {
  readonly code: string | null;
  readonly message: string;
  /** HTTP status; null where the dashboard did not answer at all. */
  readonly status: number | null;
}

/** Thrown by the readers below; carries what the dashboard said. */
export class ReadError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'ReadError';
    this.problem = problem;
  }
}

/** Reads JSON from the dashboard. */
export async function fetchJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  const response = await fetchFrom(path, signal);
  return (await response.json()) as Body;
}

/** Reads from the dashboard; an answer that is not one of success is thrown as a {@link ReadError}. */
export async function fetchFrom(path: string, signal?: AbortSignal): Promise<Response> {
  return readAnswer(await fetch(path, signal === undefined ? {} : { signal }));
}

/** Passes an answer of success on; any other is thrown as a {@link ReadError}. */
export async function readAnswer(response: Response): Promise<Response> {
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  const inner = objectAt(body, 'error') ?? (isJsonObject(body) ? body : undefined);
  throw new ReadError({
    code: stringAt(inner, 'code') ?? null,
    message: stringAt(inner, 'message') ?? `The dashboard answered ${response.status}.`,
    status: response.status,
  });
}

/** What to tell of a failed read. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ReadError) return error.problem;
  return { code: null, message: 'The dashboard did not answer. What is recorded is safe.', status: null };
}
