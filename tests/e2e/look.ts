import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Leaves a picture, sees that nothing is wider than the page, and asks axe about everything that it calls serious. */
export async function look(page: Page, name: string, theme: string): Promise<void> {
  await page.screenshot({ path: `test-results/screenshots/${name}-${theme}.png` });
  expect(await page.evaluate(widerThanPage), `${name} ${theme}`).toEqual([]);
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
  expect(
    serious.map((each) => `${name} ${theme}: ${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`),
  ).toEqual([]);
}

/** Runs in the page: what one would have to scroll sideways, though it is no table or picture of its own. */
function widerThanPage(): readonly string[] {
  const whole = [document.documentElement, ...document.querySelectorAll('main')];
  return whole.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.tagName);
}
