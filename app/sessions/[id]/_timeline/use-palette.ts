'use client';

import { useTheme } from 'next-themes';
import type { RefObject } from 'react';
import { useEffect, useState } from 'react';
import type { Palette } from './palette.ts';
import { readPalette } from './palette.ts';

/** The canvas colours of the current theme; null before the first paint. */
export function usePalette(element: RefObject<Element | null>): Palette | null {
  const { resolvedTheme } = useTheme();
  const [palette, setPalette] = useState<Palette | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens change with the theme
  useEffect(() => {
    if (element.current === null) return;
    // The theme's class reaches the root element in the same commit; read after it.
    const frame = requestAnimationFrame(() => {
      if (element.current !== null) setPalette(readPalette(element.current));
    });
    return () => cancelAnimationFrame(frame);
  }, [resolvedTheme, element]);
  return palette;
}
