import type { Density } from './density.ts';
import type { Paint } from './paint.ts';
import { paintHalf } from './paint.ts';
import type { View } from './scale.ts';
import { toX } from './scale.ts';
import type { Scene } from './scene.ts';
import { lastKnown } from './scene.ts';

/** Audio stays behind the events. */
const AUDIO_ALPHA = 0.3;

/** Draws the whole session: the client's events upwards, the server's downwards, each on its audio, responses between, errors and losses as marks. */
export function paintMinimap(paint: Paint, scene: Scene, density: Density, width: number, height: number): void {
  const { context, palette, frame, view } = paint;
  context.clearRect(0, 0, width, height);
  density.measure(scene.log, view, frame);
  const middle = height / 2;
  paintHalf(paint, density.clientAudio, density.mostClientAudio, middle - 2, -(middle - 8), palette.client, AUDIO_ALPHA);
  paintHalf(paint, density.serverAudio, density.mostServerAudio, middle + 2, middle - 8, palette.server, AUDIO_ALPHA);
  paintSide(paint, density.client, density.clientDeltas, middle - 2, -(middle - 8), palette.client);
  paintSide(paint, density.server, density.serverDeltas, middle + 2, middle - 8, palette.server);
  for (const bar of scene.bars.responses?.bars ?? []) {
    const x = toX(view, frame, bar.from);
    context.fillStyle = bar.look === 'failed' ? palette.error : bar.look === 'cancelled' ? palette.warn : palette.server;
    context.fillRect(x, middle - 1.5, Math.max(1, toX(view, frame, lastKnown(bar)) - x), 3);
  }
  paintFlags(paint, density, height);
  for (const { bar } of scene.anomalies) paintPennant(paint, toX(view, frame, bar.from), palette[bar.colour], height);
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = palette.faint;
  context.fillText(frame.left < 100 ? 'All' : 'Whole session', 12, middle);
  context.fillStyle = palette.line;
  context.fillRect(frame.left - 1, 0, 1, height);
}

function paintSide(
  { context, frame }: Paint,
  plain: Uint32Array,
  deltas: Uint32Array,
  base: number,
  reach: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.globalAlpha = 0.7;
  let most = 1;
  for (let x = 0; x < plain.length; x += 1) most = Math.max(most, (plain[x] as number) + (deltas[x] as number));
  const scale = Math.abs(reach) / Math.log2(most + 1);
  for (let x = 0; x < plain.length; x += 1) {
    const count = (plain[x] as number) + (deltas[x] as number);
    if (count === 0) continue;
    const size = Math.max(1.5, Math.log2(count + 1) * scale);
    context.fillRect(frame.left + x, reach < 0 ? base - size : base, 1, size);
  }
  context.globalAlpha = 1;
}

function paintFlags({ context, palette, view, frame }: Paint, density: Density, height: number): void {
  context.fillStyle = palette.warn;
  for (const gap of density.gaps) {
    const from = toX(view, frame, gap.from);
    const width = Math.max(2, toX(view, frame, gap.to) - from);
    context.globalAlpha = 0.25;
    context.fillRect(from, 0, width, height);
    context.globalAlpha = 1;
    context.fillRect(from, 0, width, 3);
  }
  context.fillStyle = palette.error;
  for (let x = 0; x < density.width; x += 1) {
    if ((density.errors[x] as number) === 0) continue;
    context.fillRect(frame.left + x - 1, 0, 3, 5);
    context.fillRect(frame.left + x, 0, 1, height);
  }
}

/** An anomaly: a small pennant that stands on the floor, apart from the errors that hang from the top. */
function paintPennant({ context }: Paint, x: number, colour: string, height: number): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, height - 8);
  context.lineTo(x + 4, height - 1);
  context.lineTo(x - 4, height - 1);
  context.closePath();
  context.fill();
}

/** Dims what is out of view and frames what is in it. */
export function paintBrush({ context, palette, frame, view }: Paint, part: View, height: number): void {
  const from = Math.max(frame.left, toX(view, frame, part.from));
  const to = Math.min(frame.left + frame.width, Math.max(toX(view, frame, part.to), from + 3));
  context.fillStyle = palette.surface;
  context.globalAlpha = 0.62;
  context.fillRect(frame.left, 0, from - frame.left, height);
  context.fillRect(to, 0, frame.left + frame.width - to, height);
  context.globalAlpha = 1;
  context.fillStyle = palette.accentSoft;
  context.fillRect(from, 0, to - from, height);
  context.fillStyle = palette.accent;
  context.fillRect(from - 1, 0, 2, height);
  context.fillRect(to - 1, 0, 2, height);
  context.fillRect(from - 2, height / 2 - 6, 4, 12);
  context.fillRect(to - 2, height / 2 - 6, 4, 12);
}
