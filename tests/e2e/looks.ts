import type { Page } from '@playwright/test';
import { look } from './look.ts';

const SIZES = [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
] as const;

/** Looks at a page light and dark, wide and narrow; `open` goes there and waits until it stands. */
export async function lookAtAll(page: Page, name: string, open: (theme: 'light' | 'dark') => Promise<void>): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await open(theme);
      await look(page, `${name}-${size.name}`, theme);
    }
  }
}
