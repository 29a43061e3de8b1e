import type { Json } from '#lib/base/json.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import { registry } from './registry.ts';
import type { RuleText } from './rule.ts';

/** The words of an anomaly, made of its rule's templates and its values: nothing of them is stored. */

const RULE_ERROR: Readonly<Record<string, RuleText>> = {
  default: {
    title: 'Rule {ruleId} ended early',
    why: 'It failed on a message of this session: {message}. What it found before stands; later findings are missing. The recording is whole.',
    fix: 'This is a fault of Deltascope. Report it with an export of the session; after an update, `deltascope redetect` looks again.',
  },
  limit: {
    title: 'Rule {ruleId} found too much',
    why: 'More than {message} findings of this rule in one session; further ones are not kept.',
    fix: 'Look at the first of them: a session with so many has one cause.',
  },
};

const UNKNOWN: RuleText = {
  title: '{ruleId}',
  why: 'This rule is not part of this version; its words are not known here.',
  fix: 'Run `deltascope redetect` on the session to have it looked at by the rules of this version.',
};

const TEXTS = new Map(registry.map(({ meta }) => [meta.id, meta.texts]));

/** Title, explanation and fix of an anomaly. */
export function renderAnomaly({ ruleId, variant, values }: Pick<AnomalyView, 'ruleId' | 'variant' | 'values'>): RuleText {
  const texts = ruleId === 'rule-error' ? RULE_ERROR : TEXTS.get(ruleId);
  const text = texts?.[variant] ?? texts?.['default'] ?? UNKNOWN;
  const fill = (template: string) => fillTemplate(template, { ruleId, ...values });
  return { title: fill(text.title), why: fill(text.why), fix: fill(text.fix) };
}

/** Longest value inside a sentence. */
const MAX_VALUE = 400;

function fillTemplate(template: string, values: Readonly<Record<string, Json>>): string {
  return template.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined || value === null) return whole;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE).toWellFormed()}…` : text;
  });
}
