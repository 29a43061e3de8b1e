import type { EventLog } from '../_live/event-log.ts';
import { ERROR, kindClasses } from './kind-class.ts';
import type { LaneSpan } from './lane-spans.ts';
import type { LaneBox } from './lanes.ts';
import type { Frame, View } from './scale.ts';
import { toValue, toX } from './scale.ts';
import type { Scene } from './scene.ts';

/** How far from an event the pointer may be, in pixels. */
const REACH = 6;

/** What lies under the pointer: a bar, or the nearest event; null where nothing is near. */
export type Hit = { readonly kind: 'span'; readonly span: LaneSpan } | { readonly kind: 'event'; readonly index: number };

/** Finds what the pointer means on a lane. */
export function hitTest(scene: Scene, view: View, frame: Frame, box: LaneBox, x: number, y: number): Hit | null {
  const spans = scene.spans[box.id];
  if (spans !== undefined) return hitSpan(spans, view, frame, box, x, y);
  const accepts = acceptor(scene.log, box);
  const index = nearestEvent(scene.log, toValue(view, frame, x), toValue(view, frame, x + REACH) - toValue(view, frame, x), accepts);
  return index === -1 ? null : { kind: 'event', index };
}

/** The shortest bar under the pointer, so that one inside another can be reached. */
function hitSpan(spans: readonly LaneSpan[], view: View, frame: Frame, box: LaneBox, x: number, y: number): Hit | null {
  const rows = spans.reduce((most, span) => Math.max(most, span.row + 1), 1);
  const row = box.id === 'items' ? Math.min(2, Math.max(0, Math.floor(((y - box.top) / box.height) * 3))) : rows - 1;
  let best: LaneSpan | null = null;
  for (const span of spans) {
    if (span.row !== row) continue;
    if (toX(view, frame, span.from) > x + 3 || toX(view, frame, span.to) < x - 3) continue;
    if (best === null || span.to - span.from < best.to - best.from) best = span;
  }
  return best === null ? null : { kind: 'span', span: best };
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
  const first = Math.max(0, log.indexAt(position - reach));
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
