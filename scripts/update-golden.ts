import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureNames, GOLDEN, goldenText } from '#tests/support/golden.ts';

/** Rewrites what the fixture sessions fold to. Look at the diff: it is the change of meaning that your change made. */
mkdirSync(GOLDEN, { recursive: true });
for (const name of fixtureNames()) {
  writeFileSync(join(GOLDEN, `${name}.json`), goldenText(name));
  process.stdout.write(`${name}\n`);
}
