import { hasTerm, toggleTerm } from '#lib/search/edit-query.ts';
import type { Field } from '#lib/search/query.ts';
import { cn } from '../../_ui/class-names.ts';
import { formatCount, formatPlural, formatShort } from '../../_ui/format.ts';
import type { Facet } from './use-search.ts';

interface FacetPanelProps {
  readonly text: string;
  readonly facets: readonly Facet[];
  readonly onChange: (text: string) => void;
}

const GROUPS: readonly (readonly [Field, string])[] = [
  ['status', 'Status'],
  ['rule', 'Rule'],
  ['reason', 'Reason'],
  ['error', 'Error'],
  ['provider', 'Provider'],
  ['model', 'Model'],
  ['transport', 'Transport'],
  ['tool', 'Tool'],
  ['tag', 'Tag'],
];
const MOST_VALUES = 6;

/** What the matching sessions have in common, counted; a click adds the term to the query or takes it away. */
export function FacetPanel({ text, facets, onChange }: FacetPanelProps) {
  return (
    <aside aria-label="Facets" className="w-52 shrink-0 overflow-y-auto border-r bg-surface px-2 py-2 max-xl:hidden">
      {GROUPS.map(([field, title]) => {
        const values = facets.filter((facet) => facet.field === field).slice(0, MOST_VALUES);
        if (values.length === 0) return null;
        return (
          <section key={field} className="mb-3">
            <h2 className="px-2 pb-0.5 font-medium text-2xs text-muted">{title}</h2>
            <ul>
              {values.map(({ value, sessions }) => {
                const isOn = hasTerm(text, field, value);
                return (
                  <li key={value}>
                    <button
                      type="button"
                      aria-pressed={isOn}
                      title={`${value}: ${formatPlural(sessions, 'session', formatCount)}`}
                      onClick={() => onChange(toggleTerm(text, field, value))}
                      className={cn(
                        'flex h-6 w-full items-center gap-2 rounded px-2 text-left text-xs hover:bg-hover',
                        isOn && 'bg-accent-soft font-medium text-accent hover:bg-accent-soft',
                      )}
                    >
                      <span className="truncate">{value}</span>
                      <span className="ml-auto shrink-0 text-muted tabular-nums">{formatShort(sessions)}</span>
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </aside>
  );
}
