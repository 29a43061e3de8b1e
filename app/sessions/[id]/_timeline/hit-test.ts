import type { EventLog } from '../_live/event-log.ts';
import { ERROR, kindClasses } from './kind-class.ts';
import type { LaneBox } from './lanes.ts';
import type { Frame, View } from './scale.ts';
import { toValue, toX } from './scale.ts';
import type { Bar, BarLane, Scene } from './scene.ts';

/** How far from an event the pointer may be, in pixels. */
const REACH = 6;

/** What lies under the pointer: a bar, or the nearest event; null where nothing is near. */
export type Hit = { readonly kind: 'bar'; readonly bar: Bar } | { readonly kind: 'event'; readonly index: number };

/** Finds what the pointer means on a lane. */
export function hitTest(scene: Scene, view: View, frame: Frame, box: LaneBox, x: number, y: number): Hit | null {
  const bars = scene.bars[box.id];
  if (bars !== undefined) return hitBar(bars, view, frame, box, x, y);
  const accepts = acceptor(scene.log, box);
  const index = nearestEvent(
    scene.log,
    toValue(view, frame, x),
    toValue(view, frame, x + REACH) - toValue(view, frame, x),
    accepts,
  );
  return index === -1 ? null : { kind: 'event', index };
}

/** The shortest bar under the pointer, so that one inside another can be reached. */
function hitBar(bars: BarLane, view: View, frame: Frame, box: LaneBox, x: number, y: number): Hit | null {
  const row = Math.min(bars.rows - 1, Math.max(0, Math.floor(((y - box.top) / box.height) * bars.rows)));
  let best: Bar | null = null;
  for (const bar of bars.bars) {
    if (bar.row !== row) continue;
    if (toX(view, frame, bar.from) > x + 3 || toX(view, frame, bar.to) < x - 3) continue;
    if (best === null || bar.to - bar.from < best.to - best.from) best = bar;
  }
  return best === null ? null : { kind: 'bar', bar: best };
}

function acceptor(log: EventLog, box: LaneBox): (index: number) => boolean {
  const classes = kindClasses(log);
  switch (box.id) {
    case 'client':
      return (index) => log.direction[index] === 1;
    case 'server':
      return (index) => log.direction[index] !== 1;
    case 'audio':
      return (index) => (log.audioBytes[index] as number) > 0;
    case 'errors':
      return (index) => classes[log.kind[index] as number] === ERROR || log.lostBefore(index) > 0;
    default:
      return () => true;
  }
}

/** The accepted event nearest to a position within `reach`; of those that share a moment, the first. -1 where none is. */
export function nearestEvent(log: EventLog, position: number, reach: number, accepts: (index: number) => boolean): number {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  const first = log.indexBefore(position - reach) + 1;
  for (let index = first; index < log.count; index += 1) {
    const at = log.position[index] as number;
    if (at > position + reach) break;
    const away = Math.abs(at - position);
    if (away > reach || away >= distance || !accepts(index)) continue;
    best = index;
    distance = away;
  }
  return best;
}
