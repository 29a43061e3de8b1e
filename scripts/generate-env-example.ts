/** Writes `.env.example` from the settings' schema: every key, what it means, its default. */
import { ENV_SCHEMA, parseEnv } from '#lib/config/env.ts';
import { writeOrCheck } from './generated-file.ts';

const defaults: Readonly<Record<string, unknown>> = parseEnv({});

const entries = Object.entries(ENV_SCHEMA.shape).map(([key, schema]) => {
  const value = defaults[key];
  const text = value === undefined ? '' : Array.isArray(value) ? value.join(',') : String(value);
  return `# ${schema.description ?? ''}\n# ${key}=${text}\n`;
});

writeOrCheck(
  '.env.example',
  `# Every setting of Deltascope, with its default. Copy to \`.env\` and take the \`# \` away from the lines to change.\n# Generated from lib/config/env.ts by \`node scripts/generate-env-example.ts\`.\n\n${entries.join('\n')}`,
);
