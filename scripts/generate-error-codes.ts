/** Writes `docs/error-codes.md` from the table in `lib/base/errors.ts`. */
import { ERRORS } from '#lib/base/errors.ts';
import { writeOrCheck } from './generated-file.ts';

const sections = Object.entries(ERRORS)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, { meaning, action }]) => `## ${code}\n\n${meaning}\n\n**What to do.** ${action}\n`);

writeOrCheck(
  'docs/error-codes.md',
  `# Error codes\n\nGenerated from \`lib/base/errors.ts\` by \`node scripts/generate-error-codes.ts\`. Codes are stable: search for them, alert on them.\n\n${sections.join('\n')}`,
);
