import type { CompareTerm, MatchTerm, Query, Term, TimeTerm } from './query.ts';

/** What of a session is at hand where it arrives live; times in microseconds. */
export interface SessionFacts {
  readonly status: string;
  readonly provider: string;
  readonly model: string | null;
  readonly transport: string;
  readonly dialect: string;
  readonly sourceFile: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly clock: string;
  readonly startedAt: number | null;
  readonly lastEventAt: number | null;
  readonly endedAt: number | null;
  readonly costUsd: number | null;
  readonly counts: Readonly<Record<'completed' | 'cancelled' | 'failed' | 'incomplete', number>> & {
    readonly cancelledByReason: Readonly<Record<string, number>>;
  };
}

/**
 * Whether a session meets a query, as `lib/store/search-condition.ts` would say; null where only the store can tell, as of what was
 * said in it.
 */
export function matchSession({ terms }: Query, session: SessionFacts): boolean | null {
  const answers = terms.map((term) => negate(term, matchTerm(term, session)));
  return answers.includes(false) ? false : answers.includes(null) ? null : true;
}

function negate({ negated }: Term, answer: boolean | null): boolean | null {
  return answer === null ? null : answer !== negated;
}

function matchTerm(term: Term, session: SessionFacts): boolean | null {
  switch (term.kind) {
    case 'match':
      return matchValue(term, session);
    case 'compare':
      return matchComparison(term, session);
    case 'time':
      return matchTime(term, session);
    case 'text':
      return null;
  }
}

function matchValue({ field, value }: MatchTerm, session: SessionFacts): boolean | null {
  switch (field) {
    case 'provider':
      return matchGlob(session.provider, value) || matchGlob(session.provider, `${value}-*`);
    case 'model':
      return session.model !== null && matchGlob(session.model, value);
    case 'transport':
      return matchGlob(session.transport, value);
    case 'dialect':
      return matchGlob(session.dialect, value);
    case 'file':
      return session.sourceFile !== null && matchGlob(session.sourceFile, `*${value}*`);
    case 'tag':
      return Object.entries(session.tags).some(([key, tag]) =>
        matchGlob(`${key}=${tag}`, value.includes('=') ? value : `${value}=*`),
      );
    case 'status':
      return session.status === value || ((session.counts as Readonly<Record<string, unknown>>)[value] as number) > 0;
    case 'reason':
      return Object.keys(session.counts.cancelledByReason).some((reason) => matchGlob(reason, value)) ? true : null;
    case 'rule':
    case 'tool':
    case 'error':
      return null;
  }
}

function matchComparison({ field, comparison, value }: CompareTerm, session: SessionFacts): boolean {
  const actual = field === 'cost' ? session.costUsd : durationMs(session);
  if (actual === null) return false;
  if (comparison === '>') return actual > value;
  if (comparison === '>=') return actual >= value;
  return comparison === '<' ? actual < value : actual <= value;
}

function durationMs({ clock, startedAt, endedAt, lastEventAt }: SessionFacts): number | null {
  const end = endedAt ?? lastEventAt;
  return clock === 'none' || startedAt === null || end === null ? null : (end - startedAt) / 1000;
}

function matchTime({ field, at }: TimeTerm, session: SessionFacts): boolean {
  if (session.clock !== 'wall') return false;
  if (field === 'until') return session.startedAt !== null && session.startedAt <= at;
  const end = session.endedAt ?? session.lastEventAt ?? session.startedAt;
  return session.status === 'open' || (end !== null && end >= at);
}

/**
 * Whether a text is what a value with `*` describes, without regard to case, its letters composed as the value's are. In one pass: the
 * pieces must follow one another.
 */
export function matchGlob(text: string, glob: string): boolean {
  const lower = text.normalize().toLowerCase();
  const [first = '', ...rest] = glob.toLowerCase().split('*');
  const last = rest.pop();
  if (last === undefined) return lower === first;
  if (!lower.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = lower.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return lower.length - last.length >= at && lower.endsWith(last);
}
