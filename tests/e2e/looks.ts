import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { look } from './look.ts';

const SIZES = [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
] as const;

/**
 * Looks at a page wide and narrow, light and dark: `open`, where the page does not stand already, goes there and waits until it does, once
 * for each width. The theme of the system changes under the open page, which follows.
 */
export async function lookAtAll(page: Page, name: string, open?: () => Promise<void>): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await open?.();
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await expect(page.locator('html')).toHaveClass(theme);
      await look(page, `${name}-${size.name}`, theme);
    }
  }
}
