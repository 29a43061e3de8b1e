import { afterEach, expect, test, vi } from 'vitest';
import { makeRecipes } from '../_ui/recipes.ts';
import { tapAddress } from './tap-address.ts';

afterEach(() => vi.unstubAllEnvs());

const recipe = () => makeRecipes(tapAddress()).find(({ id }) => id === 'openai');

test('who runs the image is told how to get the certificate out of it', () => {
  vi.stubEnv('DELTASCOPE_DATA_DIR', '/srv/deltascope');
  expect(recipe()?.code).toContain('NODE_EXTRA_CA_CERTS=/srv/deltascope/ca/ca.pem node');
  expect(recipe()?.note).not.toContain('docker');
  vi.stubEnv('DELTASCOPE_DATA_DIR', '/data');
  expect(recipe()?.code).toContain('NODE_EXTRA_CA_CERTS=ca.pem node');
  expect(recipe()?.note).toContain('docker compose cp tap:/data/ca/ca.pem .');
});
