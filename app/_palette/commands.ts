import { PLACES } from '../_ui/nav-links.tsx';
import type { SearchShelf } from '../sessions/_search/kept-searches.ts';
import { TAB_TITLES, TABS } from '../sessions/[id]/_state/params.ts';

/** Something that the palette leads to. */
export interface Command {
  readonly href: string;
  readonly title: string;
  /** What kind of place it is. */
  readonly kind: 'page' | 'view of this session' | 'rule' | `${SearchShelf} search` | 'search';
}

/** What the palette offers on the page at `path`: what is nearest first. */
export function commandsAt(
  path: string,
  rules: readonly string[],
  searches: (shelf: SearchShelf) => readonly string[],
): readonly Command[] {
  const session = /^\/sessions\/[^/]+$/.test(path) ? path : null;
  const saved = searches('saved');
  const recent = searches('recent').filter((query) => !saved.includes(query));
  return [
    ...(session === null
      ? []
      : TABS.map((tab) => ({ href: `${session}?tab=${tab}`, title: TAB_TITLES[tab], kind: 'view of this session' }) as const)),
    ...PLACES.map(({ href, name }) => ({ href, title: name, kind: 'page' }) as const),
    ...saved.map((query) => searchFor(query, 'saved search')),
    ...recent.map((query) => searchFor(query, 'recent search')),
    ...rules.map((rule) => ({ href: `/anomalies/rules/${rule}`, title: rule, kind: 'rule' }) as const),
  ];
}

/** Those whose title or kind has each word of a text, and then the search for it. */
export function matchingCommands(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands;
  const found = commands.filter(({ title, kind }) => words.every((word) => `${title} ${kind}`.toLowerCase().includes(word)));
  return [...found, searchFor(text.trim(), 'search')];
}

function searchFor(query: string, kind: `${SearchShelf} search` | 'search'): Command {
  return { href: `/sessions?q=${encodeURIComponent(query)}`, title: query, kind };
}
