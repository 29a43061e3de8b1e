'use client';

import type { RefObject } from 'react';
import { useCallback, useEffect, useRef } from 'react';

/** Draws a canvas at most once per frame: `invalidate` asks for it, a change of size or of the screen's density does too. */
export function useCanvas(
  canvas: RefObject<HTMLCanvasElement | null>,
  draw: (context: CanvasRenderingContext2D, width: number, height: number) => void,
): () => void {
  const latest = useRef(draw);
  const frame = useRef(0);
  const invalidate = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      paint(canvas.current, latest.current);
    });
  }, [canvas]);
  useEffect(() => {
    latest.current = draw;
    invalidate();
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(invalidate);
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [canvas, invalidate]);
  return invalidate;
}

function paint(
  canvas: HTMLCanvasElement | null,
  draw: (context: CanvasRenderingContext2D, width: number, height: number) => void,
): void {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (width > 0) draw(context, width, height);
}
