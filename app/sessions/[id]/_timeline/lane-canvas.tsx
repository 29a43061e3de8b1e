'use client';

import type { PointerEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { cn } from '../../../_ui/class-names.ts';
import { Density } from './density.ts';
import type { Hit } from './hit-test.ts';
import { hitTest } from './hit-test.ts';
import { gutterOf, laneAt } from './lanes.ts';
import { paintLanes } from './paint-lanes.ts';
import type { Frame } from './scale.ts';
import { toValue } from './scale.ts';
import type { Scene } from './scene.ts';
import { TimelineTip } from './timeline-tip.tsx';
import { useCanvas } from './use-canvas.ts';
import { usePalette } from './use-palette.ts';
import type { ViewStore } from './view-store.ts';

interface LaneCanvasProps {
  readonly scene: Scene;
  readonly store: ViewStore;
  readonly selectedSeq: number | null;
  readonly onSelect: (seq: number) => void;
  readonly label: string;
}

interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** How far the pointer may move in a click. */
const CLICK_PIXELS = 4;

/** Ruler and lanes on one canvas: wheel zooms, drag and sideways wheel pan, a click selects. */
export function LaneCanvas({ scene, store, selectedSeq, onSelect, label }: LaneCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [density] = useState(() => new Density());
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const palette = usePalette(canvas);
  const frameNow = (): Frame => {
    const width = canvas.current?.clientWidth ?? 0;
    const left = gutterOf(width);
    return { left, width: Math.max(1, width - left) };
  };
  const hit = pointer === null || scene.log.count === 0 ? null : hitAt(scene, store, frameNow(), pointer);
  const invalidate = useCanvas(canvas, (context, width) => {
    if (palette === null) return;
    const frame = frameNow();
    paintLanes(
      { context, palette, view: store.view, frame },
      scene,
      density,
      {
        selectedSeq,
        selectedAt: selectedSeq === null ? null : scene.log.positionOfSeq(selectedSeq),
        hoverAt: pointer === null ? null : toValue(store.view, frame, pointer.x),
        hovered: hit?.kind === 'bar' ? hit.bar : null,
      },
      width,
    );
  });
  useEffect(() => store.subscribe(invalidate), [store, invalidate]);
  useWheel(canvas, (event) => {
    zoomOrPan(event, store, frameNow());
    // What was under the pointer has moved away.
    setPointer(null);
  });

  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const at = placeOf(event);
    const held = drag.current;
    if (held !== null && (held.moved || Math.abs(at.x - held.x) > CLICK_PIXELS)) {
      store.pan((held.x - at.x) / frameNow().width);
      drag.current = { x: at.x, moved: true };
      setPointer(null);
      return;
    }
    setPointer(at.x > frameNow().left ? at : null);
  };
  return (
    <div className="relative">
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        className={cn(
          'block w-full touch-pan-y select-none',
          hit === null ? 'cursor-grab active:cursor-grabbing' : 'cursor-pointer',
        )}
        style={{ height: scene.lanes.height }}
        onPointerDown={(event) => {
          drag.current = { x: placeOf(event).x, moved: false };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => {
          const moved = drag.current?.moved ?? false;
          drag.current = null;
          const found = moved ? null : hitAt(scene, store, frameNow(), placeOf(event));
          if (found !== null) onSelect(found.kind === 'bar' ? found.bar.seq : (scene.log.seq[found.index] as number));
        }}
        onPointerCancel={() => {
          drag.current = null;
        }}
        onPointerLeave={() => setPointer(null)}
        onDoubleClick={() => store.fit()}
      />
      {pointer === null || hit === null ? null : <TimelineTip scene={scene} hit={hit} x={pointer.x} y={pointer.y} />}
    </div>
  );
}

function hitAt(scene: Scene, store: ViewStore, frame: Frame, { x, y }: Pointer): Hit | null {
  const box = laneAt(scene.lanes, y);
  return box === null || x < frame.left ? null : hitTest(scene, store.view, frame, box, x, y);
}

function placeOf(event: PointerEvent<HTMLCanvasElement>): Pointer {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function zoomOrPan(event: globalThis.WheelEvent, store: ViewStore, frame: Frame): void {
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) return store.pan(sideways / frame.width);
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  store.zoom(toValue(store.view, frame, event.clientX - box.left), Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.0022))));
}

/** React's wheel listeners are passive; this one keeps the page from scrolling while it zooms. */
function useWheel(element: { readonly current: HTMLElement | null }, act: (event: globalThis.WheelEvent) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const listen = (event: globalThis.WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    target.addEventListener('wheel', listen, { passive: false });
    return () => target.removeEventListener('wheel', listen);
  }, [element]);
}
