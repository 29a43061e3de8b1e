import { PLACES } from '../_ui/nav-links.tsx';
import type { SearchShelf } from '../sessions/_search/kept-searches.ts';
import { TAB_TITLES, TABS } from '../sessions/[id]/_state/tabs.ts';

/** Something that the palette leads to. */
export interface Command {
  readonly href: string;
  readonly title: string;
  /** What kind of place it is. */
  readonly kind: 'page' | 'view of this session' | 'rule' | `${SearchShelf} search` | 'search';
}

/** What the palette offers at an address: what is nearest first. Views of a session keep the rest of the address, as its tabs do. */
export function commandsAt(
  { pathname, search }: Pick<Location, 'pathname' | 'search'>,
  rules: readonly string[],
  searches: (shelf: SearchShelf) => readonly string[],
): readonly Command[] {
  const views = /^\/sessions\/[^/]+$/.test(pathname) ? TABS : [];
  const saved = searches('saved');
  const recent = searches('recent').filter((query) => !saved.includes(query));
  return [
    ...views.map(
      (tab) => ({ href: withParam(pathname, search, 'tab', tab), title: TAB_TITLES[tab], kind: 'view of this session' }) as const,
    ),
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

function withParam(pathname: string, search: string, name: string, value: string): string {
  const params = new URLSearchParams(search);
  params.set(name, value);
  return `${pathname}?${params}`;
}
