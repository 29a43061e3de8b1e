import { formatClock, formatCount, formatDuration } from '../../../_ui/format.ts';
import type { Density } from './density.ts';
import type { LaneBox, LaneId } from './lanes.ts';
import { LANE_BOXES, LANES_HEIGHT, RULER_HEIGHT } from './lanes.ts';
import type { Paint } from './paint.ts';
import { paintAudio, paintEvents, paintSpans } from './paint.ts';
import { ticks, toX } from './scale.ts';
import type { Scene } from './scene.ts';

/** What the reader points at and has chosen, in axis values. */
export interface Marks {
  readonly selectedSeq: number | null;
  readonly selectedAt: number | null;
  readonly hoverAt: number | null;
}

/** Draws ruler and lanes: one call per frame, nothing kept between calls but `density`'s arrays. */
export function paintLanes(paint: Paint, scene: Scene, density: Density, marks: Marks, width: number): void {
  const { context, palette, frame } = paint;
  context.clearRect(0, 0, width, LANES_HEIGHT);
  density.measure(scene.log, paint.view, frame);
  paintRuler(paint, scene.log.timed);
  context.save();
  context.beginPath();
  context.rect(frame.left, 0, frame.width, LANES_HEIGHT);
  context.clip();
  paintLosses(paint, density);
  paintLinks(paint, scene);
  for (const box of LANE_BOXES) paintLane(paint, scene, density, marks, box);
  paintCursor(paint, marks.selectedAt, palette.accent, 1.5);
  paintCursor(paint, marks.hoverAt, palette.faint, 1);
  context.restore();
  paintLabels(paint, width);
}

function paintLane(paint: Paint, scene: Scene, density: Density, marks: Marks, box: LaneBox): void {
  const { palette } = paint;
  const spans = scene.spans[box.id] ?? [];
  const selectedSeq = marks.selectedSeq;
  switch (box.id) {
    case 'speech':
      return paintSpans(paint, box, spans, { colour: palette.client, rows: 1, selectedSeq });
    case 'client':
      return paintEvents(paint, box, density.client, density.clientDeltas, palette.client);
    case 'server':
      return paintEvents(paint, box, density.server, density.serverDeltas, palette.server);
    case 'audio':
      return paintAudio(paint, box, density);
    case 'responses':
      return paintSpans(paint, box, spans, { colour: palette.server, rows: 1, selectedSeq });
    case 'items':
      return paintSpans(paint, box, spans, { colour: palette.item, rows: 3, selectedSeq });
    case 'tools':
      return paintSpans(paint, box, spans, { colour: palette.tool, rows: 1, selectedSeq });
    case 'errors':
      return paintErrors(paint, density, box);
  }
}

function paintErrors({ context, palette, frame }: Paint, density: Density, box: LaneBox): void {
  context.fillStyle = palette.error;
  for (let x = 0; x < density.errors.length; x += 1) {
    if ((density.errors[x] as number) === 0) continue;
    const middle = box.top + box.height / 2;
    context.beginPath();
    context.moveTo(frame.left + x, middle - 5);
    context.lineTo(frame.left + x + 5, middle);
    context.lineTo(frame.left + x, middle + 5);
    context.lineTo(frame.left + x - 5, middle);
    context.closePath();
    context.fill();
  }
}

/** Messages that were relayed but not recorded: a hatched column through all lanes, with their number. */
function paintLosses({ context, palette, frame }: Paint, density: Density): void {
  for (let x = 0; x < density.lost.length; x += 1) {
    const lost = density.lost[x] as number;
    if (lost === 0) continue;
    context.fillStyle = palette.warn;
    context.globalAlpha = 0.18;
    context.fillRect(frame.left + x - 4, RULER_HEIGHT, 8, LANES_HEIGHT);
    context.globalAlpha = 1;
    context.fillRect(frame.left + x - 0.5, RULER_HEIGHT, 1, LANES_HEIGHT);
    context.font = `11px ${palette.font}`;
    context.textBaseline = 'alphabetic';
    context.fillText(`${formatCount(lost)} not recorded`, frame.left + x + 6, LANES_HEIGHT - 8);
  }
}

function paintLinks({ context, palette, view, frame }: Paint, scene: Scene): void {
  for (const link of scene.links) {
    if (link.to < view.from || link.from > view.to) continue;
    const above = boxOf(link.fromLane);
    const below = boxOf('responses');
    const from = above.top < below.top ? above.top + above.height : above.top;
    const to = above.top < below.top ? below.top : below.top + below.height;
    const [x1, x2] = [toX(view, frame, link.from), toX(view, frame, link.to)];
    context.strokeStyle = link.kind === 'interruption' ? palette.warn : palette.tool;
    context.globalAlpha = 0.7;
    context.lineWidth = 1.2;
    context.beginPath();
    context.moveTo(x1, from);
    context.bezierCurveTo(x1, (from + to) / 2, x2, (from + to) / 2, x2, to);
    context.stroke();
    context.globalAlpha = 1;
  }
}

function paintRuler(paint: Paint, timed: boolean): void {
  const { context, palette, view, frame } = paint;
  const all = ticks(view, frame, 84, timed ? 'time' : 'order');
  const majors = all.filter((tick) => tick.major);
  const step = (majors[1]?.value ?? 0) - (majors[0]?.value ?? 0);
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  for (const tick of all) {
    const x = Math.round(toX(view, frame, tick.value));
    if (x < frame.left || x > frame.left + frame.width) continue;
    context.fillStyle = palette.line;
    context.globalAlpha = tick.major ? 1 : 0.55;
    context.fillRect(x, tick.major ? RULER_HEIGHT - 6 : RULER_HEIGHT - 3, 1, tick.major ? LANES_HEIGHT : 3);
    if (!tick.major) continue;
    context.fillStyle = palette.faint;
    context.globalAlpha = 1;
    context.fillText(timed ? formatTick(tick.value, step) : `#${formatCount(tick.value)}`, x + 4, RULER_HEIGHT / 2);
  }
  context.globalAlpha = 1;
  context.fillStyle = palette.line;
  context.fillRect(0, RULER_HEIGHT - 0.5, frame.left + frame.width, 1);
}

/** A time on the ruler, with the digits that its step calls for. */
function formatTick(value: number, step: number): string {
  if (value === 0) return '0 s';
  if (value >= 60_000 && step >= 1000) return formatClock(value);
  if (step >= 1000) return `${Math.round(value / 1000)} s`;
  if (step >= 1) return `${(value / 1000).toFixed(step >= 100 ? 1 : step >= 10 ? 2 : 3)} s`;
  return formatDuration(value);
}

function paintCursor({ context, view, frame }: Paint, value: number | null, colour: string, width: number): void {
  if (value === null) return;
  const x = Math.round(toX(view, frame, value));
  context.fillStyle = colour;
  context.fillRect(x - width / 2, 0, width, LANES_HEIGHT);
}

function paintLabels({ context, palette, frame }: Paint, width: number): void {
  context.fillStyle = palette.surface;
  context.fillRect(0, RULER_HEIGHT + 1, frame.left - 1, LANES_HEIGHT);
  context.fillStyle = palette.line;
  context.fillRect(frame.left - 1, 0, 1, LANES_HEIGHT);
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = palette.muted;
  for (const box of LANE_BOXES) context.fillText(width < 640 ? box.short : box.label, 12, box.top + box.height / 2);
}

function boxOf(id: LaneId): LaneBox {
  return LANE_BOXES.find((box) => box.id === id) as LaneBox;
}
