import type { Playback } from '#lib/session/timeline-spans.ts';
import type { Density } from './density.ts';
import type { LaneBox } from './lanes.ts';
import type { Palette } from './palette.ts';
import type { Frame, View } from './scale.ts';
import { toX } from './scale.ts';
import type { Bar, BarLane } from './scene.ts';
import { lastKnown } from './scene.ts';

/** What every painter needs. */
export interface Paint {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly view: View;
  readonly frame: Frame;
}

/** What the reader points at and has chosen, in axis values. */
export interface Marks {
  readonly selectedSeq: number | null;
  readonly selectedAt: number | null;
  readonly hoverAt: number | null;
  readonly hovered: Bar | null;
}

/** A strip of events: deltas as a low band that grows with their number, other events as full lines. */
export function paintEvents(paint: Paint, box: LaneBox, plain: Uint32Array, deltas: Uint32Array, colour: string): void {
  const { context, frame } = paint;
  context.fillStyle = colour;
  for (let x = 0; x < deltas.length; x += 1) {
    const count = deltas[x] as number;
    if (count === 0) continue;
    const share = Math.min(1, 0.36 + Math.log2(count + 1) * 0.09);
    context.globalAlpha = Math.min(0.9, 0.5 + Math.log2(count + 1) * 0.08);
    const height = Math.round(box.height * share);
    context.fillRect(frame.left + x, box.top + box.height - height, 1, height);
  }
  for (let x = 0; x < plain.length; x += 1) {
    const count = plain[x] as number;
    if (count === 0) continue;
    context.globalAlpha = Math.min(1, 0.75 + count * 0.1);
    context.fillRect(frame.left + x, box.top, 1, box.height);
  }
  context.globalAlpha = 1;
}

/** Audio bytes per column, the client's upwards and the server's downwards from the middle. */
export function paintAudio(paint: Paint, box: LaneBox, density: Density): void {
  const { context, palette, frame } = paint;
  const middle = box.top + box.height / 2;
  context.fillStyle = palette.line;
  context.fillRect(frame.left, middle - 0.5, frame.width, 1);
  paintHalf(paint, density.clientAudio, density.mostClientAudio, middle, -(box.height / 2 - 1), palette.client);
  paintHalf(paint, density.serverAudio, density.mostServerAudio, middle, box.height / 2 - 1, palette.server);
}

/** One party's audio from `middle` on, upwards where `reach` is negative; a column with `most` of it is as high as that. */
export function paintHalf(
  paint: Paint,
  sums: Float32Array,
  most: number,
  middle: number,
  reach: number,
  colour: string,
  alpha = 0.62,
): void {
  const { context, frame } = paint;
  context.fillStyle = colour;
  context.globalAlpha = alpha;
  for (let x = 0; x < sums.length; x += 1) {
    const sum = sums[x] as number;
    if (sum === 0) continue;
    const height = Math.max(1, Math.sqrt(Math.min(1, sum / most)) * Math.abs(reach));
    context.fillRect(frame.left + x, reach < 0 ? middle - height : middle, 1, height);
  }
  context.globalAlpha = 1;
}

/** Height of a bar that has its lane for itself. */
const MOST_HEIGHT = 18;

/** Bars of a lane; those narrower than a pixel still show as one. */
export function paintBars(paint: Paint, box: LaneBox, lane: BarLane, { selectedSeq, hovered }: Marks): void {
  const { frame, view } = paint;
  const height = Math.min(MOST_HEIGHT, (box.height - (lane.rows - 1) * 2) / lane.rows);
  const right = frame.left + frame.width;
  for (const bar of lane.bars) {
    const top = box.top + bar.row * (height + 2);
    if (bar.playback?.cutX != null) paintPlayback(paint, bar.playback, bar.playback.cutX, bar.colour, top + height - 3);
    if (bar.to < view.from || bar.from > view.to) continue;
    const left = Math.max(toX(view, frame, bar.from), frame.left - 2);
    const widthTo = (value: number) => Math.max(Math.min(toX(view, frame, value), right + 2) - left, 2);
    const width = widthTo(bar.to);
    paintBar(paint, bar, { left, top, width, height }, widthTo(lastKnown(bar)));
    if (selectedSeq === bar.seq) paintFrame(paint, 'accent', { left, top, width, height });
    else if (hovered === bar) paintFrame(paint, 'lineStrong', { left, top, width, height });
  }
}

/** Audio that the client cut, at the foot of its response and beyond it: full while it was heard, dotted where nobody heard it. */
function paintPlayback(paint: Paint, { startX, endX }: Playback, cutX: number, colour: keyof Palette, top: number): void {
  const { context, palette, view, frame } = paint;
  const [start, cut, end] = [startX, cutX, endX].map((value) => toX(view, frame, value)) as [number, number, number];
  context.fillStyle = palette[colour];
  context.globalAlpha = 0.75;
  context.fillRect(start, top, cut - start, 3);
  context.globalAlpha = 1;
  context.fillStyle = palette.warn;
  context.fillRect(cut - 1, top - 4, 2, 7);
  const from = Math.max(cut, frame.left - 5);
  const to = Math.min(end, frame.left + frame.width);
  for (let x = from + 4; x < to; x += 5) context.fillRect(x, top, Math.min(2, to - x), 3);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** `known`: how wide the part is of which it is known. Behind it, a bar without an end is but an outline. */
function paintBar(paint: Paint, bar: Bar, box: Box, known: number): void {
  const { context, palette } = paint;
  const colour = palette[bar.colour];
  context.fillStyle = colour;
  context.globalAlpha = bar.look === 'cancelled' ? 0.12 : 0.26;
  context.fillRect(box.left, box.top, known, box.height);
  context.globalAlpha = 1;
  if (bar.look === 'cancelled') paintHatch(context, colour, box);
  paintEdge(context, colour, bar, box);
  if (bar.mark !== null) paintMark(paint, bar.mark, box, colour);
  if (box.height >= 14 && box.width > 46 && bar.label !== '') paintLabel(paint, bar.label, box, bar.look === 'cancelled');
}

/** A frame around the bar that is chosen or pointed at. */
function paintFrame({ context, palette }: Paint, colour: keyof Palette, box: Box): void {
  context.strokeStyle = palette[colour];
  context.lineWidth = 2;
  context.strokeRect(box.left - 1, box.top - 1, box.width + 2, box.height + 2);
}

/** A full line where it began; where no end is recorded, a dashed one around it. */
function paintEdge(context: CanvasRenderingContext2D, colour: string, bar: Bar, box: Box): void {
  context.fillStyle = colour;
  context.fillRect(box.left, box.top, 2, box.height);
  if (bar.look === 'open') {
    context.globalAlpha = 0.5;
    context.fillRect(box.left, box.top + box.height - 2, box.width, 2);
    context.globalAlpha = 1;
  }
  if (bar.look !== 'unclosed') return;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width, box.height - 1);
  context.setLineDash([]);
}

function paintHatch(context: CanvasRenderingContext2D, colour: string, box: Box): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = colour;
  context.globalAlpha = 0.65;
  context.lineWidth = 1;
  context.beginPath();
  // Anchored to the canvas, not to the bar, so that stripes stand still relative to each other.
  const first = Math.floor((box.left - box.height) / 6) * 6;
  for (let x = first; x < box.left + box.width; x += 6) {
    context.moveTo(x, box.top + box.height);
    context.lineTo(x + box.height, box.top);
  }
  context.stroke();
  context.restore();
}

function paintMark(paint: Paint, value: number, box: Box, colour: string): void {
  const x = toX(paint.view, paint.frame, value);
  if (x < box.left || x > box.left + box.width) return;
  const { context } = paint;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x - 3.5, box.top);
  context.lineTo(x + 3.5, box.top);
  context.lineTo(x, box.top + 5);
  context.closePath();
  context.fill();
  context.fillRect(x - 0.5, box.top, 1, box.height);
}

/** A label on its bar; on a hatched one it needs ground to stand on. */
function paintLabel({ context, palette }: Paint, label: string, box: Box, ground: boolean): void {
  context.save();
  context.beginPath();
  context.rect(box.left + 5, box.top, box.width - 8, box.height);
  context.clip();
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  const text = label.slice(0, 120);
  if (ground) {
    const width = Math.min(context.measureText(text).width + 7, box.width - 7);
    context.fillStyle = palette.surface;
    context.fillRect(box.left + 4, box.top + 2, width, box.height - 4);
  }
  context.fillStyle = palette.ink;
  context.fillText(text, box.left + 7, box.top + box.height / 2 + 0.5);
  context.restore();
}
