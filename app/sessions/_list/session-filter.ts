import type { SessionView } from '#lib/session/view.ts';

/** What the filter box of the list asks for; empty parts ask for nothing. */
export interface SessionFilter {
  readonly status: string;
  readonly provider: string;
  readonly text: string;
}

/** Whether a session that arrives live belongs in the filtered list: the question that `lib/store/list-sessions.ts` answers for a page. */
export function matchesFilter(session: SessionView, filter: SessionFilter): boolean {
  if (filter.status !== '' && session.status !== filter.status) return false;
  if (filter.provider !== '' && session.provider !== filter.provider) return false;
  const text = filter.text.trim();
  if (text === '') return true;
  const lower = text.toLowerCase();
  const starts =
    session.id.startsWith(lower) || [session.providerSessionId, session.providerCallId].some((id) => id?.startsWith(text));
  return starts || [session.model ?? '', ...tagsOf(session)].some((part) => part.toLowerCase().includes(lower));
}

function tagsOf(session: SessionView): string[] {
  return Object.entries(session.tags).map(([key, value]) => `${key}=${value}`);
}
