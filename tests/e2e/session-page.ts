import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Opens a session and waits until its events are in the page. */
export async function openSession(page: Page, id: string, query = ''): Promise<void> {
  await page.goto(`/sessions/${id}${query}`);
  await sessionReady(page);
}

/** Waits until the session's events are in the page: the list's count stands, or the page says that there are none. */
export async function sessionReady(page: Page): Promise<void> {
  await expect(
    page.getByText(/^[\d,]+ (of [\d,]+ )?events?$/).or(page.getByText(/No message was exchanged|nothing said yet/)),
  ).toBeVisible();
}

/** How many events the page holds, as the list's bar says. */
export async function heldEvents(page: Page): Promise<number> {
  const text = await page.getByText(/^[\d,]+ events?$/).innerText();
  return Number(text.replace(/\D/g, ''));
}

/** The number in the header, as the recorder counted. */
export async function countedEvents(page: Page): Promise<number> {
  const text = await page.locator('[data-figure="events"]').innerText();
  return Number(text.replace(/\D/g, ''));
}
