import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { openNextApp } from './next-app.ts';

test('without a build the dashboard does not start, and says what is missing', async () => {
  await expect(openNextApp({ dev: false, server: createServer(), folder: tmpdir() })).rejects.toMatchObject({
    code: 'DS_DASHBOARD_NOT_BUILT',
  });
});
