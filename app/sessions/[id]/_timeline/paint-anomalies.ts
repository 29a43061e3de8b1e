import type { LaneBox } from './lanes.ts';
import { RULER_HEIGHT } from './lanes.ts';
import type { Paint } from './paint.ts';
import { toX } from './scale.ts';
import type { AnomalyMark } from './scene.ts';

/** Each anomaly as a mark where its evidence begins, with a thread to the rest of it; critical ones have a ring. */
export function paintAnomalies(paint: Paint, box: LaneBox, marks: readonly AnomalyMark[], selectedSeq: number | null): void {
  const { context, palette, view, frame } = paint;
  const middle = box.top + box.height / 2;
  for (const mark of marks) {
    const { bar, severity, evidence } = mark;
    const [left, right] = [toX(view, frame, bar.from), toX(view, frame, bar.to)];
    context.fillStyle = palette[bar.colour];
    context.globalAlpha = 0.45;
    context.fillRect(left, middle - 1, right - left, 2);
    context.globalAlpha = 1;
    for (const { x } of evidence.slice(1)) context.fillRect(toX(view, frame, x) - 1, middle - 4, 2, 8);
    paintTriangle(paint, left, middle, 5.5);
    if (severity === 'critical') paintRing(paint, left, middle, palette[bar.colour]);
    if (isSelected(mark, selectedSeq)) paintRing(paint, left, middle, palette.accent);
  }
}

/** Dashed lines up through the lanes at all that proves the chosen anomaly. */
export function paintAnomalyGuides(paint: Paint, marks: readonly AnomalyMark[], selectedSeq: number | null): void {
  const { context, palette, view, frame } = paint;
  const bottom = context.canvas.clientHeight;
  for (const mark of marks) {
    if (!isSelected(mark, selectedSeq)) continue;
    context.strokeStyle = palette[mark.bar.colour];
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    for (const { x } of mark.evidence) {
      const at = Math.round(toX(view, frame, x)) + 0.5;
      context.moveTo(at, RULER_HEIGHT);
      context.lineTo(at, bottom - 10);
    }
    context.stroke();
    context.setLineDash([]);
  }
}

function isSelected({ evidence }: AnomalyMark, selectedSeq: number | null): boolean {
  return selectedSeq !== null && evidence.some(({ seq }) => seq === selectedSeq);
}

function paintTriangle({ context }: Paint, x: number, y: number, size: number): void {
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y + size * 0.8);
  context.lineTo(x - size, y + size * 0.8);
  context.closePath();
  context.fill();
}

function paintRing({ context }: Paint, x: number, y: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 8, 0, Math.PI * 2);
  context.stroke();
}
