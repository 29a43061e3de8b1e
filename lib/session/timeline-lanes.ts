import type { Column, TimelineAxis } from './timeline-axis.ts';
import { openAxis, openColumn, place, push } from './timeline-axis.ts';
import type { TickKind, TimelineHints } from './timeline-hints.ts';
import { kindOfTick, noteHints, openHints, TICK_KINDS } from './timeline-hints.ts';
import type { EventRow, ItemView, ResponseView, SessionView, ToolCallView, TurnView } from './view.ts';

/**
 * The session's lanes as numbers for a canvas; pixels are the page's business. Events append (`appendEvents`), spans and links are laid out
 * anew from the rows (`timeline-layout.ts`), of which there are few. Ticks stay columns: a lane of 100,000 events is two arrays.
 *
 *   speech     ▇▇▇▇        ▇▇▇▇          user speech, VAD start → stop
 *   client     | ||| |        |          ticks
 *   server        || |||||||||||         ticks
 *   responses       ▁▁▇▇▇▇▇▇░░           created → first audio → done, cancelled part apart; its audio as played, cut where nobody heard it
 *   tools              ▁▁▇▇▇──▏          announced → called → output → follow-up
 */
export interface Timeline {
  readonly axis: TimelineAxis;
  readonly client: Ticks;
  readonly server: Ticks;
  readonly errors: Ticks;
  readonly hints: TimelineHints;
}

/** Events of one lane: where, which, and how it is drawn. */
export interface Ticks {
  readonly xs: Column;
  readonly seqs: Column;
  /** One of `TICK_KINDS` by index. */
  readonly kinds: Column;
  readonly audioBytes: Column;
}

/** The rows that a layout is made of. */
export interface TimelineRows {
  readonly session: Pick<SessionView, 'endedAt' | 'dialect' | 'counts'>;
  readonly responses: readonly ResponseView[];
  readonly items: readonly ItemView[];
  readonly toolCalls: readonly ToolCallView[];
  readonly turns: readonly TurnView[];
}

/** A timeline without events. */
export function openTimeline(session: Pick<SessionView, 'clock' | 'startedAt'>): Timeline {
  return { axis: openAxis(session), client: openTicks(), server: openTicks(), errors: openTicks(), hints: openHints() };
}

/** Adds events, in order of `seq`. */
export function appendEvents(timeline: Timeline, rows: readonly EventRow[]): void {
  for (const row of rows) {
    const x = place(timeline.axis, row);
    const kind = kindOfTick(row);
    addTick(row.direction === 'client_to_server' ? timeline.client : timeline.server, row, x, kind);
    if (kind === 'error') addTick(timeline.errors, row, x, kind);
    noteHints(timeline.hints, row, kind);
  }
}

const KIND_CODES = Object.fromEntries(TICK_KINDS.map((kind, code) => [kind, code])) as Readonly<Record<TickKind, number>>;

function openTicks(): Ticks {
  return { xs: openColumn(), seqs: openColumn(), kinds: openColumn(), audioBytes: openColumn() };
}

function addTick(ticks: Ticks, row: EventRow, x: number, kind: TickKind): void {
  push(ticks.xs, x);
  push(ticks.seqs, row.seq);
  push(ticks.kinds, KIND_CODES[kind]);
  push(ticks.audioBytes, row.audioBytes);
}
