import { formatClock, formatCount, formatDuration } from '../../../_ui/format.ts';
import type { Density } from './density.ts';
import type { LaneBox, LaneId } from './lanes.ts';
import { RULER_HEIGHT } from './lanes.ts';
import type { Marks, Paint } from './paint.ts';
import { paintAudio, paintBars, paintEvents } from './paint.ts';
import { paintAnomalies, paintAnomalyGuides } from './paint-anomalies.ts';
import { paintUsage } from './paint-usage.ts';
import type { Palette } from './palette.ts';
import { ticks, toX } from './scale.ts';
import type { Scene } from './scene.ts';

/** Draws ruler and lanes: one call per frame, nothing kept between calls but `density`'s arrays. */
export function paintLanes(paint: Paint, scene: Scene, density: Density, marks: Marks, width: number): void {
  const { context, palette, frame } = paint;
  const { boxes, height } = scene.lanes;
  context.clearRect(0, 0, width, height);
  density.measure(scene.log, paint.view, frame);
  paintRuler(paint, scene.log.timed, height);
  context.save();
  context.beginPath();
  context.rect(frame.left, 0, frame.width, height);
  context.clip();
  paintLosses(paint, density, height);
  for (const box of boxes) paintLane(paint, scene, density, marks, box);
  paintLinks(paint, scene, marks.selectedSeq);
  paintAnomalyGuides(paint, scene.anomalies, marks.selectedSeq);
  paintCursor(paint, marks.selectedAt, palette.accent, 1.5, height);
  paintCursor(paint, marks.hoverAt, palette.faint, 1, height);
  context.restore();
  paintLabels(paint, scene, width);
}

function paintLane(paint: Paint, scene: Scene, density: Density, marks: Marks, box: LaneBox): void {
  const { palette } = paint;
  const bars = scene.bars[box.id];
  if (box.id === 'anomalies') return paintAnomalies(paint, box, scene.anomalies, marks.selectedSeq);
  if (box.id === 'usage') return paintUsage(paint, box, scene.usage);
  if (bars !== undefined) return paintBars(paint, box, bars, marks);
  switch (box.id) {
    case 'client':
      return paintEvents(paint, box, density.client, density.clientDeltas, palette.client);
    case 'server':
      return paintEvents(paint, box, density.server, density.serverDeltas, palette.server);
    case 'audio':
      return paintAudio(paint, box, density);
    case 'errors':
      return paintErrors(paint, density, box);
    default:
      return;
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

/** Messages that were relayed but not recorded: a band through all lanes from the last one before to the first one after. */
function paintLosses({ context, palette, view, frame }: Paint, density: Density, height: number): void {
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'alphabetic';
  for (const gap of density.gaps) {
    const from = toX(view, frame, gap.from);
    const to = Math.max(toX(view, frame, gap.to), from + 3);
    context.fillStyle = palette.warn;
    context.globalAlpha = 0.14;
    context.fillRect(from, RULER_HEIGHT, to - from, height);
    context.globalAlpha = 1;
    context.fillRect(from, RULER_HEIGHT, 1, height);
    context.fillRect(to - 1, RULER_HEIGHT, 1, height);
    context.fillText(`${formatCount(gap.lost)} not recorded`, Math.max(from, frame.left) + 5, height - 8);
  }
}

/** Which lanes an arrow joins, and its colour. The commonest kind (turn → its answer) shows only where it is chosen. */
const LINKS = {
  error: { from: 'client', to: 'errors', colour: 'error', always: true },
  interrupt: { from: 'speech', to: 'responses', colour: 'warn', always: true },
  answer: { from: 'speech', to: 'responses', colour: 'accent', always: false },
  output: { from: 'tools', to: 'tools', colour: 'tool', always: false },
  follow_up: { from: 'tools', to: 'responses', colour: 'tool', always: true },
} as const satisfies Record<string, { from: LaneId; to: LaneId; colour: keyof Palette; always: boolean }>;

function paintLinks({ context, palette, view, frame }: Paint, scene: Scene, selectedSeq: number | null): void {
  for (const link of scene.links) {
    const look = LINKS[link.kind];
    const chosen = selectedSeq !== null && (link.fromSeq === selectedSeq || link.toSeq === selectedSeq);
    if (look.from === look.to || (!look.always && !chosen)) continue;
    if (Math.max(link.fromX, link.toX) < view.from || Math.min(link.fromX, link.toX) > view.to) continue;
    const [upper, lower] = [boxOf(scene, look.from), boxOf(scene, look.to)];
    if (upper === undefined || lower === undefined) continue;
    const down = upper.top < lower.top;
    const [y1, y2] = down ? [upper.top + upper.height, lower.top] : [upper.top, lower.top + lower.height];
    const [x1, x2] = [toX(view, frame, link.fromX), toX(view, frame, link.toX)];
    context.strokeStyle = palette[look.colour];
    context.fillStyle = palette[look.colour];
    context.globalAlpha = chosen ? 1 : 0.6;
    context.lineWidth = chosen ? 2 : 1.2;
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1, (y1 + y2) / 2, x2, (y1 + y2) / 2, x2, y2 - (down ? 4 : -4));
    context.stroke();
    context.beginPath();
    context.moveTo(x2 - 3, y2 - (down ? 5 : -5));
    context.lineTo(x2 + 3, y2 - (down ? 5 : -5));
    context.lineTo(x2, y2);
    context.fill();
    context.globalAlpha = 1;
  }
}

function paintRuler(paint: Paint, timed: boolean, height: number): void {
  const { context, palette, view, frame } = paint;
  // The axis is in microseconds, the ruler in milliseconds.
  const unit = timed ? 1000 : 1;
  const all = ticks({ from: view.from / unit, to: view.to / unit }, frame, 84, timed ? 'time' : 'order');
  const majors = all.filter((tick) => tick.major);
  const step = (majors[1]?.value ?? 0) - (majors[0]?.value ?? 0);
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  for (const tick of all) {
    const x = Math.round(toX(view, frame, tick.value * unit));
    if (x < frame.left || x > frame.left + frame.width) continue;
    context.fillStyle = palette.line;
    context.globalAlpha = tick.major ? 1 : 0.55;
    context.fillRect(x, tick.major ? RULER_HEIGHT - 6 : RULER_HEIGHT - 3, 1, tick.major ? height : 3);
    if (!tick.major) continue;
    context.fillStyle = palette.faint;
    context.globalAlpha = 1;
    const text = timed ? formatTick(tick.value, step) : `#${formatCount(tick.value + 1)}`;
    if (x + 4 + context.measureText(text).width > frame.left + frame.width) continue;
    context.fillText(text, x + 4, RULER_HEIGHT / 2);
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

function paintCursor({ context, view, frame }: Paint, value: number | null, colour: string, width: number, height: number): void {
  if (value === null) return;
  const x = Math.round(toX(view, frame, value));
  context.fillStyle = colour;
  context.fillRect(x - width / 2, 0, width, height);
}

function paintLabels({ context, palette, frame }: Paint, { lanes }: Scene, width: number): void {
  context.fillStyle = palette.surface;
  context.fillRect(0, RULER_HEIGHT + 1, frame.left - 1, lanes.height);
  context.fillStyle = palette.line;
  context.fillRect(frame.left - 1, 0, 1, lanes.height);
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = palette.muted;
  for (const box of lanes.boxes) context.fillText(width < 640 ? box.short : box.label, 12, box.top + box.height / 2);
}

function boxOf({ lanes }: Scene, id: LaneId): LaneBox | undefined {
  return lanes.boxes.find((box) => box.id === id);
}
