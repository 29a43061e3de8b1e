import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Leaves a picture and asks axe about everything that it calls serious. */
export async function look(page: Page, name: string, theme: string): Promise<void> {
  await page.screenshot({ path: `test-results/screenshots/${name}-${theme}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
  expect(
    serious.map((each) => `${name} ${theme}: ${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`),
  ).toEqual([]);
}
