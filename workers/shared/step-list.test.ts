import { expect, test } from 'vitest';
import { formatDuration, makeStepList } from './step-list.ts';

test('a step is one line with its detail; its output stays hidden', async () => {
  const written = collect();
  const result = await makeStepList(written).run('Migrations', (step) => {
    step.output('create table\n');
    step.detail('1 applied');
    return 7;
  });
  expect(result).toBe(7);
  expect(written.text()).toBe('✓ Migrations (1 applied) 0.0 s\n');
});

test('a step that fails shows its output, and passes the failure on', async () => {
  const written = collect();
  const run = makeStepList(written).run('Dashboard', (step) => {
    step.output('Module not ');
    step.output('\u001b[31mfound\u001b[39m\n\n  at page.tsx');
    throw new Error('no build');
  });
  await expect(run).rejects.toThrow('no build');
  expect(written.text()).toBe('✗ Dashboard 0.0 s\n  Module not found\n    at page.tsx\n');
});

test.each([
  [0, '0.0 s'],
  [12_340, '12.3 s'],
  [125_000, '2 min 05 s'],
])('%d ms is shown as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

function collect(): { write(part: string): void; text(): string } {
  const parts: string[] = [];
  return { write: (part) => void parts.push(part), text: () => parts.join('') };
}
