import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '#tests/support/stack.ts';
import { expect, test } from './fixtures.ts';
import { importFiles } from './import-files.ts';
import { openSession } from './session-page.ts';

const MARKUP = '<img src=x onerror="window.__broken=1"><script>window.__broken=1</script>';
const TEXT = `${MARKUP}\u202e\u0007${'🙂'.repeat(50)}`;

/** One session in which everything that can hold text holds markup, and some of it is very long. */
const EVENTS: readonly unknown[] = [
  { type: 'session.created', event_id: MARKUP, session: { id: MARKUP, type: 'realtime', model: MARKUP, instructions: TEXT } },
  {
    type: 'conversation.item.added',
    item: { id: MARKUP, type: 'message', role: 'user', content: [{ type: 'input_text', text: TEXT }] },
  },
  { type: 'response.created', response: { id: `r${MARKUP}`, status: MARKUP } },
  {
    type: 'response.output_item.added',
    response_id: `r${MARKUP}`,
    item: { id: `i${MARKUP}`, type: 'function_call', name: MARKUP, call_id: MARKUP, arguments: '' },
  },
  {
    type: 'response.function_call_arguments.delta',
    response_id: `r${MARKUP}`,
    item_id: `i${MARKUP}`,
    call_id: MARKUP,
    delta: TEXT,
  },
  {
    type: 'response.done',
    response: { id: `r${MARKUP}`, status: 'failed', status_details: { error: { code: MARKUP, message: TEXT } } },
  },
  { type: MARKUP, event_id: 'x' },
  { type: 'x'.repeat(100_000) },
  { type: 'error', error: { message: TEXT, code: MARKUP, event_id: MARKUP } },
  { type: 'long', text: 'y'.repeat(3_000_000) },
  { type: '__proto__', __proto__: { polluted: true }, constructor: { prototype: { polluted: true } } },
  { type: 'deep', deep: JSON.parse('['.repeat(400) + ']'.repeat(400)) },
  { type: 'wide', keys: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key ${index}`, index])) },
];

test('markup, control characters and huge texts in a session show as what they are', async ({ page, stack }) => {
  const id = importEvents(stack);
  page.on('dialog', (dialog) => {
    throw new Error(`A dialog was opened: ${dialog.message()}`);
  });
  await openSession(page, id, '?seq=1');
  for (const seq of EVENTS.keys()) {
    if (seq > 0) await page.getByRole('button', { name: 'Next event' }).click();
    await expect(page.getByRole('complementary', { name: `Event ${seq + 1}` })).toBeVisible();
    const read = page.getByRole('button', { name: 'Read it' });
    if (await read.isVisible()) await read.click();
    await expect(page.getByRole('region', { name: 'Message' })).toBeVisible();
  }
  for (const tab of ['conversation', 'responses', 'tools', 'configuration', 'usage']) {
    await page.goto(`/sessions/${id}?tab=${tab}`);
    await expect(page.getByRole('navigation', { name: 'Views of the session' })).toBeVisible();
    await page.waitForTimeout(150);
  }
  await page.goto('/sessions');
  await expect(page.locator(`[data-session="${id}"]`)).toBeVisible();
  expect(await page.evaluate(() => '__broken' in window)).toBe(false);
});

function importEvents(stack: Stack): string {
  const file = join(stack.folder, 'hostile.jsonl');
  writeFileSync(file, EVENTS.map((event) => `${JSON.stringify({ t: null, dir: 'server', event })}\n`).join(''));
  return importFiles(stack, [file])[0] ?? '';
}
