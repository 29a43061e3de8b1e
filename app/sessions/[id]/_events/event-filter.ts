import type { SessionData } from '../_live/session-data.ts';

/** What the list is narrowed to; empty parts ask for nothing. */
export interface EventFilter {
  /** Part of a type or id, or of what was said, called or answered. */
  readonly text: string;
  readonly direction: '' | 'client' | 'server';
  /** Types as on the wire. */
  readonly types: readonly string[];
}

/** Whether the filter asks for anything. */
export function isFiltering(filter: EventFilter): boolean {
  return filter.text.trim() !== '' || filter.direction !== '' || filter.types.length > 0;
}

/** Makes the question that is asked of each event; what can be decided per type or per id is decided once. */
export function makeAcceptor(data: SessionData, filter: EventFilter): (index: number) => boolean {
  if (!isFiltering(filter)) return () => true;
  const { log } = data;
  const text = filter.text.trim().toLowerCase();
  const types = new Set(filter.types);
  const direction = filter.direction === '' ? -1 : filter.direction === 'client' ? 1 : 2;
  const kindMatches = memo((code) => log.kinds[code]?.type.toLowerCase().includes(text) ?? false);
  const said = idsOfWords(data, text);
  const idMatches = memo((code) => {
    const id = log.ids.texts[code] ?? '';
    return id !== '' && (id.toLowerCase().includes(text) || said.has(id));
  });
  return (index) => {
    if (direction !== -1 && log.direction[index] !== direction) return false;
    const kind = log.kind[index] as number;
    if (types.size > 0 && !types.has(log.kinds[kind]?.type ?? '')) return false;
    if (text === '' || kindMatches(kind)) return true;
    return [log.itemId, log.responseId, log.callId].some((column) => idMatches(column[index] as number));
  };
}

/** Ids of the items, calls and responses that hold these words. */
function idsOfWords({ items, toolCalls, responses }: SessionData, text: string): ReadonlySet<string> {
  if (text === '') return new Set();
  const holds = (...parts: readonly (string | null)[]) => parts.some((part) => part?.toLowerCase().includes(text));
  return new Set([
    ...items
      .filter((item) => holds(item.text, item.argumentsText, item.output, item.name, item.errorMessage))
      .map((item) => item.id),
    ...toolCalls.filter((call) => holds(call.name, call.argumentsText, call.output)).map((call) => call.callId),
    ...responses
      .filter((response) => holds(response.reason, response.errorCode, response.errorMessage))
      .map((response) => response.id),
  ]);
}

function memo(decide: (code: number) => boolean): (code: number) => boolean {
  const known: (boolean | undefined)[] = [];
  return (code) => {
    const answer = known[code] ?? decide(code);
    known[code] = answer;
    return answer;
  };
}
