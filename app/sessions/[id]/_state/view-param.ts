import type { View } from '../_timeline/scale.ts';

/** The view as it stands in a URL: `12430~18200`, in milliseconds or, without times, in events. */
export function writeView(view: View, timed: boolean): string {
  const unit = timed ? 1000 : 1;
  return `${Math.round(view.from / unit)}~${Math.round(view.to / unit)}`;
}

/** Reads it back; null for anything that is not a span. */
export function readView(text: string | null, timed: boolean): View | null {
  const match = /^(-?\d{1,12})~(-?\d{1,12})$/.exec(text ?? '');
  if (match === null) return null;
  const unit = timed ? 1000 : 1;
  const view = { from: Number(match[1]) * unit, to: Number(match[2]) * unit };
  return view.to > view.from ? view : null;
}
