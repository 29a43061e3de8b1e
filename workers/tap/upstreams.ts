import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { UpstreamKind } from '#lib/protocol/capture.ts';

/** A provider that the tap may connect to. There are no others: nothing in a request can name a host. */
export interface Upstream {
  readonly name: string;
  readonly kind: UpstreamKind;
  /** `http:` or `https:`, with the path that is put before every request's. */
  readonly url: URL;
  /** The provider's key where the tap holds it; null where the application sends its own. */
  readonly key: string | null;
}

export type Upstreams = ReadonlyMap<string, Upstream>;

const KINDS = [
  'openai',
  'azure-openai',
  'azure-voice-live',
  'xai',
  'qwen',
  'compatible',
  'simulator',
] as const satisfies UpstreamKind[];

const SCHEMA = z.record(
  z.string().regex(/^[\w-][\w.-]{0,62}$/),
  z.strictObject({ kind: z.enum(KINDS), url: z.string().transform(readUrl), key: z.string().min(1).optional() }),
);

/** What is needed to read the configuration: the setting, the simulator's port (null: none runs), and how `env:NAME` is looked up. */
export interface UpstreamsSource {
  readonly setting: string | undefined;
  readonly simulatorPort: number | null;
  readonly readVariable: (name: string) => string | undefined;
}

/**
 * Reads DELTASCOPE_UPSTREAMS: inline JSON, the path of a JSON file, or unset for OpenAI. The simulator is added where it runs.
 * @throws DeltascopeError DS_CONFIG_INVALID; the message repeats no value but names.
 */
export function readUpstreams(source: UpstreamsSource): Upstreams {
  const parsed = SCHEMA.safeParse(source.setting === undefined ? DEFAULT : parseSetting(source.setting));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) =>
        `${issue.path.join('.')}: ${issue.code === 'invalid_key' ? 'a name is made of letters, digits, dot, dash and underscore' : issue.message}`,
    );
    throw invalid(problems.join('; '));
  }
  const upstreams = new Map<string, Upstream>();
  if (source.simulatorPort !== null) {
    const url = new URL(`http://127.0.0.1:${source.simulatorPort}`);
    upstreams.set('simulator', { name: 'simulator', kind: 'simulator', url, key: null });
  }
  for (const [name, { kind, url, key }] of Object.entries(parsed.data)) {
    upstreams.set(name, { name, kind, url, key: key === undefined ? null : resolveKey(name, key, source.readVariable) });
  }
  return upstreams;
}

const DEFAULT = { openai: { kind: 'openai', url: 'https://api.openai.com' } };

function parseSetting(setting: string): unknown {
  const inline = setting.trimStart().startsWith('{');
  try {
    return JSON.parse(inline ? setting : readFileSync(setting, 'utf8'));
  } catch (thrown) {
    const what = inline
      ? 'is not JSON'
      : `names a file that cannot be read as JSON (${(thrown as NodeJS.ErrnoException).code ?? 'not JSON'})`;
    throw invalid(what, coerceError(thrown));
  }
}

function readUrl(text: string, context: z.RefinementCtx): URL {
  const url = URL.parse(text.replace(/^ws(s?):/i, 'http$1:'));
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash) return url;
  context.addIssue({ code: 'custom', message: 'an https: or http: URL without user, query and fragment is needed' });
  return z.NEVER;
}

function resolveKey(name: string, key: string, readVariable: (name: string) => string | undefined): string {
  if (!key.startsWith('env:')) return key;
  const variable = key.slice('env:'.length);
  const value = readVariable(variable);
  if (value) return value;
  throw invalid(`${name}.key: the environment has no ${variable}`);
}

function invalid(what: string, cause?: Error): DeltascopeError {
  return new DeltascopeError('DS_CONFIG_INVALID', `DELTASCOPE_UPSTREAMS ${what}.`, cause ? { cause } : undefined);
}
