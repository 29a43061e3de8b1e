'use client';

import { unlessIn, useKeys } from '../../../_ui/use-keys.ts';
import { indexOfLine, isRun } from '../_events/list-lines.ts';
import type { SessionData } from '../_live/session-data.ts';
import { ERROR, kindClasses } from '../_timeline/kind-class.ts';
import type { Scene } from '../_timeline/scene.ts';
import { barAround } from '../_timeline/scene.ts';
import type { BadEnding } from './stops.ts';
import { endedSeqs, firstProofs } from './stops.ts';
import type { TimelineState } from './use-timeline-state.ts';

/** The keys of the timeline page; the help overlay lists them (`_ui/key-help.tsx`). */
export function useTimelineKeys(
  data: SessionData,
  scene: Scene,
  state: TimelineState,
  ended: ReadonlyMap<number, BadEnding>,
): void {
  const { log } = data;
  const { view, select } = state;
  const middle = () => (state.seq === null ? (view.view.from + view.view.to) / 2 : log.positionOfSeq(state.seq));
  const zoom = (factor: number) => () => view.zoom(middle(), factor);
  const pan = (share: number) => () => view.pan(share);
  const current = () => (state.seq === null ? -1 : log.indexOfSeq(state.seq));
  const selectIndex = (index: number | undefined) => {
    if (index !== undefined && index >= 0 && index < log.count) select(log.seq[index] as number);
  };
  const stepLine = (by: number) => () => {
    // From nothing forwards is the first line, backwards the last.
    const from = state.selectedLine === -1 && by === -1 ? state.lines.length : state.selectedLine;
    const line = state.lines[Math.min(state.lines.length - 1, Math.max(0, from + by))];
    if (line !== undefined) selectIndex(indexOfLine(line));
  };
  const stepTo = (by: 1 | -1, accepts: (index: number) => boolean) => () =>
    selectIndex(search(log.count, current(), by, accepts));
  const stepSeq = (by: 1 | -1, seqs: readonly number[]) => () => {
    const at = state.seq ?? (by === 1 ? 0 : Number.POSITIVE_INFINITY);
    const next = by === 1 ? seqs.find((seq) => seq > at) : seqs.findLast((seq) => seq < at);
    if (next !== undefined) select(next);
  };
  const isError = (index: number) =>
    kindClasses(log)[log.kind[index] as number] === ERROR || ended.get(log.seq[index] as number) === 'failed';
  const inLane = (index: number) => state.seq !== null && log.direction[index] === log.direction[current()];
  const cancelled = endedSeqs(data.responses, 'cancelled');
  const anomalies = firstProofs(data.anomalies);
  const turns = data.turns.map((turn) => turn.firstSeq);
  useKeys({
    w: zoom(1 / 1.5),
    s: zoom(1.5),
    a: pan(-0.2),
    d: pan(0.2),
    ArrowLeft: unlessIn('aside', pan(-0.2)),
    ArrowRight: unlessIn('aside', pan(0.2)),
    ArrowUp: unlessIn('aside', stepLine(-1)),
    ArrowDown: unlessIn('aside', stepLine(1)),
    f: () => fitSelected(scene, state),
    j: stepLine(1),
    k: stepLine(-1),
    '.': stepTo(1, inLane),
    ',': stepTo(-1, inLane),
    e: stepTo(1, isError),
    E: stepTo(-1, isError),
    n: stepSeq(1, anomalies),
    N: stepSeq(-1, anomalies),
    x: stepSeq(1, cancelled),
    X: stepSeq(-1, cancelled),
    ']': stepSeq(1, turns),
    '[': stepSeq(-1, turns),
    l: () => state.setFollowing(!state.following),
    Enter: unlessIn('a, button, summary', () => unfoldSelected(state)),
    Escape: () => select(null),
  });
}

function unfoldSelected(state: TimelineState): false | undefined {
  const line = state.lines[state.selectedLine];
  if (line === undefined || !isRun(line)) return false;
  state.toggleUnfolded(line.run.fromSeq);
  return undefined;
}

/** The bar of what is selected (its response, item, call or speech) fills the view; without a selection everything does. */
function fitSelected(scene: Scene, { seq, view }: TimelineState): void {
  const bar = seq === null ? undefined : barAround(scene, seq);
  if (bar === undefined) view.fit();
  else view.show(bar);
}

function search(count: number, from: number, by: 1 | -1, accepts: (index: number) => boolean): number | undefined {
  for (let index = from + by; index >= 0 && index < count; index += by) if (accepts(index)) return index;
  return undefined;
}
