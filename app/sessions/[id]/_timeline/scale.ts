/**
 * The pixel side of the timeline: which part of the axis is in view and where its values lie. Pure; no DOM.
 * Axis values are milliseconds since the first message or, for sessions without times, positions in the order of events.
 *
 *     from            value              to        axis
 *      |----------------|-----------------|
 *     left              x              left+width  pixels
 */

/** The part of the axis in view; `to` is always beyond `from`. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Where the view lies on the canvas. */
export interface Frame {
  readonly left: number;
  readonly width: number;
}

/** The pixel of a value; outside the frame where the value is out of view. */
export function toX(view: View, frame: Frame, value: number): number {
  return frame.left + ((value - view.from) / (view.to - view.from)) * frame.width;
}

/** The value under a pixel. */
export function toValue(view: View, frame: Frame, x: number): number {
  return view.from + ((x - frame.left) / frame.width) * (view.to - view.from);
}

/** All of the axis with a little air after its end; never empty. */
export function fitAll(extent: View): View {
  const length = Math.max(extent.to - extent.from, 1);
  return { from: extent.from - length * 0.01, to: extent.from + length * 1.02 };
}

/** A span with air on both sides. */
export function fitSpan(span: View, extent: View, least: number): View {
  const length = Math.max((span.to - span.from) * 1.3, least);
  const middle = (span.from + span.to) / 2;
  return clampView({ from: middle - length / 2, to: middle + length / 2 }, extent, least);
}

/** Zooms by `factor` (below 1 is closer) while `value` stays where it is on the screen. */
export function zoomAt(view: View, value: number, factor: number, extent: View, least: number): View {
  const length = view.to - view.from;
  const wanted = Math.max(length * factor, least);
  const share = (value - view.from) / length;
  return clampView({ from: value - wanted * share, to: value + wanted * (1 - share) }, extent, least);
}

/** Moves the view by a share of its own length. */
export function panBy(view: View, share: number, extent: View, least: number): View {
  const by = (view.to - view.from) * share;
  return clampView({ from: view.from + by, to: view.to + by }, extent, least);
}

/** Keeps a view within the axis (with air) and no closer than `least`. */
export function clampView(view: View, extent: View, least: number): View {
  const all = fitAll(extent);
  const longest = all.to - all.from;
  const length = Math.min(Math.max(view.to - view.from, Math.min(least, longest)), longest);
  const from = Math.min(Math.max(view.from, all.from), all.to - length);
  return { from, to: from + length };
}

/** A line of the ruler. */
export interface Tick {
  readonly value: number;
  readonly major: boolean;
}

const STEPS = [1, 2, 5];

/** The ruler's lines: steps of 1, 2 or 5 × 10ⁿ (for times: whole minutes above), at least `gap` pixels between labelled ones. */
export function ticks(view: View, frame: Frame, gap: number, unit: 'time' | 'order'): Tick[] {
  const perPixel = (view.to - view.from) / Math.max(frame.width, 1);
  const step = stepFor(perPixel * gap, unit);
  const minor = unit === 'order' && step < 5 ? step : step / 5;
  const found: Tick[] = [];
  const first = Math.ceil(view.from / minor);
  const last = Math.floor(view.to / minor);
  for (let at = first; at <= last && found.length < 1000; at += 1) {
    const value = at * minor;
    if (value < 0) continue;
    found.push({ value, major: Math.abs(value / step - Math.round(value / step)) < 1e-6 });
  }
  return found;
}

function stepFor(least: number, unit: 'time' | 'order'): number {
  if (unit === 'time' && least > 10_000) {
    const whole = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000];
    const fitting = whole.find((step) => step >= least);
    if (fitting !== undefined) return fitting;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-6)));
  const step = STEPS.map((each) => each * power).find((each) => each >= least) ?? 10 * power;
  return unit === 'order' ? Math.max(1, step) : step;
}
