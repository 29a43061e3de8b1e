import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allEntries } from '#lib/protocol/catalogue.ts';
import { registry } from '#lib/rules/registry.ts';
import type { RuleMeta } from '#lib/rules/rule.ts';

/**
 * Each rule has its file, its page, its test, a recorded session and what that amounts to; and none of these is without its rule.
 * Fails with a line for everything that is amiss.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HEADINGS = ['What it flags', 'Why it matters', 'Evidence it shows', 'Options', 'Known limits', 'History'];
/** Pages of docs/rules that are about no single rule. */
const OVERVIEWS = ['real-sessions', 'scenarios'];
/** Sessions of tests/fixtures that show a dialect or provider, not a rule. */
const PROTOCOL_SESSION = /^(azure|ga|live|responses|translation|vllm|webrtc|xai)-/;
const LONGEST_PAGE = 60;

const ids = registry.map(({ meta }) => meta.id);
const known = new Set<string>(allEntries().map((entry) => entry.canonicalType));
const sessions = names('tests/fixtures/sessions/*.jsonl', '.jsonl');

const problems = [
  ...registry.flatMap(({ meta }) => judgeRule(meta)),
  ...duplicatesOf(ids),
  ...strayFiles(),
  ...names('docs/rules/*.md', '.md')
    .filter((page) => !ids.includes(page) && !OVERVIEWS.includes(page))
    .map((page) => `docs/rules/${page}.md: there is no such rule`),
  ...sessions
    .filter((name) => !PROTOCOL_SESSION.test(name) && !ids.some((id) => name.startsWith(`${id}-`)))
    .map((name) => `tests/fixtures/sessions/${name}.jsonl: belongs to no rule`),
  ...names('tests/golden/*.json', '.json')
    .filter((name) => !sessions.includes(name))
    .map((name) => `tests/golden/${name}.json: has no session`),
];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${ids.length} rules, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function judgeRule(meta: RuleMeta): readonly string[] {
  const { id, consumes, texts } = meta;
  return [
    ...[`lib/rules/${id}.ts`, `lib/rules/${id}.test.ts`]
      .filter((file) => !existsSync(join(ROOT, file)))
      .map((file) => `${id}: ${file} is missing`),
    ...(sessions.some((name) => name.startsWith(`${id}-`)) ? [] : [`${id}: tests/fixtures/sessions/${id}-*.jsonl is missing`]),
    ...(texts['default'] === undefined ? [`${id}: has no default text`] : []),
    ...consumes.filter((type) => !known.has(type)).map((type) => `${id}: consumes ${type}, which the catalogue does not know`),
    ...judgePage(meta),
    ...judgeGoldens(id),
  ];
}

/** A recorded session of a rule shows the rule. */
function judgeGoldens(id: string): readonly string[] {
  return sessions
    .filter((name) => name.startsWith(`${id}-`))
    .flatMap((name) => {
      const file = `tests/golden/${name}.json`;
      if (!existsSync(join(ROOT, file))) return [`${id}: ${file} is missing`];
      const { anomalies = [] } = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as { anomalies?: { ruleId: string }[] };
      return anomalies.some(({ ruleId }) => ruleId === id) ? [] : [`${id}: ${file} holds no anomaly of this rule`];
    });
}

function judgePage(meta: RuleMeta): readonly string[] {
  const file = `docs/rules/${meta.id}.md`;
  if (!existsSync(join(ROOT, file))) return [`${meta.id}: ${file} is missing`];
  const text = readFileSync(join(ROOT, file), 'utf8');
  const lines = text.trimEnd().split('\n');
  const headings = lines.filter((line) => line.startsWith('## ')).map((line) => line.slice(3));
  return [
    ...(lines[0] === `# ${meta.id}` ? [] : [`${file}: the title is not the id`]),
    ...(headings.join() === HEADINGS.join() ? [] : [`${file}: the headings are not ${HEADINGS.join(', ')}`]),
    ...(text.includes(optionsOf(meta)) ? [] : [`${file}: the options are not\n${optionsOf(meta)}`]),
    ...(text.includes(`- ${meta.version}: `) ? [] : [`${file}: the history does not speak of version ${meta.version}`]),
    ...(lines.length <= LONGEST_PAGE ? [] : [`${file}: ${lines.length} lines; a page is at most ${LONGEST_PAGE}`]),
  ];
}

/** The options as their page must show them. */
function optionsOf({ options }: RuleMeta): string {
  const rows = Object.entries(options).map(
    ([name, option]) => `| \`${name}\` | ${option.default} | ${option.min} | ${option.says} |`,
  );
  return rows.length === 0 ? 'None.' : ['| Option | Default | Least | What it says |', '|---|---|---|---|', ...rows].join('\n');
}

/** Files of lib/rules that define a rule and are not in the registry. */
function strayFiles(): readonly string[] {
  return readdirSync(join(ROOT, 'lib/rules'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !ids.includes(basename(file, '.ts')))
    .filter((file) => /^export const \w+: Rule</m.test(readFileSync(join(ROOT, 'lib/rules', file), 'utf8')))
    .map((file) => `lib/rules/${file}: defines a rule that the registry lacks, or under another id than its name`);
}

function duplicatesOf(all: readonly string[]): readonly string[] {
  return all.filter((id, index) => all.indexOf(id) !== index).map((id) => `${id}: is in the registry twice`);
}

function names(pattern: string, ending: string): readonly string[] {
  return globSync(pattern, { cwd: ROOT })
    .map((file) => basename(file, ending))
    .sort();
}
