import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import { audioFieldOf, base64Bytes } from '#lib/protocol/audio.ts';
import type { CaptureMeta } from '#lib/protocol/capture.ts';
import { decode } from '#lib/protocol/decode.ts';
import { toEventRow } from '#lib/session/event-row.ts';
import type { FoldEvent, SessionState } from '#lib/session/fold.ts';
import { currentDialect, foldEvent, openSession, takeChanges } from '#lib/session/fold.ts';
import type { EventRow, ItemView, ResponseView, SessionView, ToolCallView, TurnView } from '#lib/session/view.ts';
import type { ScriptLine } from './script.ts';

/** All rows of a session as they stand at its end. */
export interface FoldedSession {
  readonly session: SessionView;
  readonly responses: ResponseView[];
  readonly items: ItemView[];
  readonly toolCalls: ToolCallView[];
  readonly turns: TurnView[];
}

/** 2026-01-01T00:00:00Z, the moment at which drawn sessions begin. */
export const SCRIPT_START = 1_767_225_600_000_000 as WallMicros;

/** The id of every drawn session. */
export const SESSION_ID = '019b7700-0000-7000-8000-000000000001' as SessionId;

/** A capture of a plain relay to an unnamed provider; `over` says what is different. */
export function captureOf(over: Partial<CaptureMeta> = {}): CaptureMeta {
  return {
    mode: 'relay',
    transport: 'websocket',
    upstream: 'openai',
    upstreamKind: 'openai',
    path: '/v1/realtime',
    query: { model: 'gpt-realtime' },
    requestHeaders: {},
    responseHeaders: {},
    subprotocol: null,
    tags: {},
    clock: 'wall',
    source: null,
    ...over,
  };
}

/** A state before its first message. */
export function openScripted(over: Partial<CaptureMeta> = {}): SessionState {
  const capture = captureOf(over);
  return openSession({ id: SESSION_ID, at: capture.clock === 'none' ? null : SCRIPT_START, capture });
}

/** A message as the recorder hands it to the fold. */
export function toFoldEvent(
  state: SessionState,
  seq: number,
  line: { ms: number | null; direction: Direction; text: string },
): FoldEvent {
  const decoded = decode(line.text, currentDialect(state));
  const audio = audioFieldOf(decoded);
  return {
    seq,
    at: line.ms === null ? null : ((SCRIPT_START + Math.round(line.ms * 1000)) as WallMicros),
    direction: line.direction,
    byteLength: Buffer.byteLength(line.text),
    audioBytes: audio === null ? 0 : base64Bytes(audio.base64),
    decoded,
  };
}

/** Folds drawn lines into a state; `seq` goes on after what the state has. */
export function foldLines(state: SessionState, lines: readonly ScriptLine[]): SessionState {
  for (const { event, ...line } of lines) {
    foldEvent(state, toFoldEvent(state, state.row.lastSeq + 1, { ...line, text: JSON.stringify(event) }));
  }
  return state;
}

/** The rows of a drawn session's messages, as the list shows them. */
export function eventRows(lines: readonly ScriptLine[], over: Partial<CaptureMeta> = {}): EventRow[] {
  const state = openScripted(over);
  return lines.map(({ event, ...line }, index) => {
    const folded = toFoldEvent(state, index + 1, { ...line, text: JSON.stringify(event) });
    foldEvent(state, folded);
    return toEventRow({ ...folded, format: 'json', flags: [] });
  });
}

/** The rows of a drawn session. */
export function foldScript(lines: readonly ScriptLine[], over: Partial<CaptureMeta> = {}): FoldedSession {
  return collect(emptyFolded(), takeChanges(foldLines(openScripted(over), lines)));
}

/** Nothing taken yet. */
export function emptyFolded(): Omit<FoldedSession, 'session'> {
  return { responses: [], items: [], toolCalls: [], turns: [] };
}

/** Puts taken rows over those of earlier takes, as the store does. */
export function collect(before: Omit<FoldedSession, 'session'>, changes: ReturnType<typeof takeChanges>): FoldedSession {
  return {
    session: changes.session,
    responses: replace(before.responses, changes.responses),
    items: replace(before.items, changes.items),
    toolCalls: replace(before.toolCalls, changes.toolCalls),
    turns: replace(before.turns, changes.turns),
  };
}

function replace<V extends { readonly ordinal: number }>(before: readonly V[], changed: readonly V[]): V[] {
  const rows = new Map([...before, ...changed].map((row) => [row.ordinal, row]));
  return [...rows.values()].sort((a, b) => a.ordinal - b.ordinal);
}
