import type { View } from './scale.ts';
import { clampView, fitAll, fitSpan, panBy, zoomAt } from './scale.ts';

/**
 * Which part of the axis both canvases show, outside React: a pan draws, it does not render.
 * While nobody has zoomed, the view is all of the axis and grows with it; while following, it keeps its length and its end.
 */
export class ViewStore {
  #view: View = { from: 0, to: 1 };
  #extent: View = { from: 0, to: 1 };
  #all = true;
  readonly #listeners = new Set<() => void>();

  get view(): View {
    return this.#view;
  }

  get extent(): View {
    return this.#extent;
  }

  /** Whether all of the axis is in view. */
  get isAll(): boolean {
    return this.#all;
  }

  /** The closest zoom: 2 ms, or a few events. */
  readonly least: number;

  constructor(timed: boolean) {
    this.least = timed ? 2000 : 4;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Tells how long the axis is now. */
  grow(extent: View, follow: boolean): void {
    if (extent.from === this.#extent.from && extent.to === this.#extent.to) return;
    this.#extent = extent;
    if (this.#all) return this.#set(fitAll(extent), true);
    const length = this.#view.to - this.#view.from;
    if (follow && this.#view.to < extent.to) {
      const end = fitAll(extent).to;
      return this.#set({ from: end - length, to: end }, false);
    }
    this.#notify();
  }

  fit(): void {
    this.#set(fitAll(this.#extent), true);
  }

  show(span: View): void {
    this.#move(fitSpan(span, this.#extent, this.least));
  }

  set(view: View): void {
    this.#move(clampView(view, this.#extent, this.least));
  }

  zoom(value: number, factor: number): void {
    this.#move(zoomAt(this.#view, value, factor, this.#extent, this.least));
  }

  pan(share: number): void {
    this.#move(panBy(this.#view, share, this.#extent, this.least));
  }

  /** Brings a value into view, moving no more than needed. */
  reveal(value: number): void {
    const { from, to } = this.#view;
    if (value >= from && value <= to) return;
    const length = to - from;
    this.set({ from: value - length / 2, to: value + length / 2 });
  }

  #move(view: View): void {
    const all = fitAll(this.#extent);
    this.#set(view, view.to - view.from >= (all.to - all.from) * 0.9999);
  }

  #set(view: View, all: boolean): void {
    this.#view = view;
    this.#all = all;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
