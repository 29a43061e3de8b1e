'use client';

import type { PointerEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { Density } from './density.ts';
import { gutterOf } from './lanes.ts';
import { paintBrush, paintMinimap } from './paint-minimap.ts';
import type { Frame } from './scale.ts';
import { fitAll, toValue, toX } from './scale.ts';
import type { Scene } from './scene.ts';
import { useCanvas } from './use-canvas.ts';
import { usePalette } from './use-palette.ts';
import type { ViewStore } from './view-store.ts';

interface MinimapCanvasProps {
  readonly scene: Scene;
  readonly store: ViewStore;
}

type Grip = { readonly kind: 'new' | 'move'; readonly start: number } | { readonly kind: 'edge'; readonly start: number };

export const MINIMAP_HEIGHT = 44;
const EDGE_PIXELS = 6;

/** The whole session in a strip: drag to choose a part, drag the part or its edges, double-click for everything. */
export function MinimapCanvas({ scene, store }: MinimapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [density] = useState(() => new Density());
  const grip = useRef<Grip | null>(null);
  const palette = usePalette(canvas);
  const frameNow = (): Frame => {
    const width = canvas.current?.clientWidth ?? 0;
    const left = gutterOf(width);
    return { left, width: Math.max(1, width - left) };
  };
  const invalidate = useCanvas(canvas, (context, width) => {
    if (palette === null) return;
    const paint = { context, palette, view: fitAll(store.extent), frame: frameNow() };
    paintMinimap(paint, scene, density, width, MINIMAP_HEIGHT);
    if (!store.isAll) paintBrush(paint, store.view, MINIMAP_HEIGHT);
  });
  useEffect(() => store.subscribe(invalidate), [store, invalidate]);

  const valueUnder = (event: PointerEvent<HTMLCanvasElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return toValue(fitAll(store.extent), frameNow(), event.clientX - box.left);
  };
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label="The whole session; drag to choose the part that the lanes show"
      className="block w-full cursor-crosshair touch-none select-none border-b"
      style={{ height: MINIMAP_HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = takeHold(valueUnder(event), store, frameNow());
      }}
      onPointerMove={(event) => {
        if (grip.current !== null) grip.current = dragTo(valueUnder(event), grip.current, store);
      }}
      onPointerUp={() => {
        grip.current = null;
      }}
      onDoubleClick={() => store.fit()}
    />
  );
}

/** Near an edge the edge is held (from the other one), inside the part the part itself, elsewhere a new one begins. */
function takeHold(value: number, store: ViewStore, frame: Frame): Grip {
  const { view } = store;
  const all = fitAll(store.extent);
  const near = (edge: number) => Math.abs(toX(all, frame, edge) - toX(all, frame, value)) <= EDGE_PIXELS;
  if (!store.isAll && near(view.from)) return { kind: 'edge', start: view.to };
  if (!store.isAll && near(view.to)) return { kind: 'edge', start: view.from };
  if (!store.isAll && value > view.from && value < view.to) return { kind: 'move', start: value };
  return { kind: 'new', start: value };
}

function dragTo(value: number, held: Grip, store: ViewStore): Grip {
  if (held.kind === 'move') {
    const { from, to } = store.view;
    store.set({ from: from + value - held.start, to: to + value - held.start });
    return { kind: 'move', start: value };
  }
  const span = { from: Math.min(held.start, value), to: Math.max(held.start, value) };
  if (span.to - span.from > store.least) store.set(span);
  return held;
}
