import { expect, test } from 'vitest';
import { judgeLock } from './lock-file.ts';

const whole = { version: '1.0.0', integrity: 'sha512-x' };

test('a whole lock file has no problem', () => {
  const lock = { packages: { '': {}, 'node_modules/a': { ...whole, dependencies: { b: '^1' } }, 'node_modules/b': whole } };
  expect(judgeLock(lock)).toEqual([]);
});

test('an entry without a version, as a lagging registry leaves behind, is named', () => {
  expect(judgeLock({ packages: { 'node_modules/a': { integrity: 'sha512-x' } } })).toEqual(['node_modules/a has no version']);
});

test('a platform package that is not in the file is named with who needs it', () => {
  const lock = { packages: { 'node_modules/next': { ...whole, optionalDependencies: { '@next/swc-darwin-arm64': '1.0.0' } } } };
  expect(judgeLock(lock)).toEqual(['node_modules/next needs @next/swc-darwin-arm64, which the file lacks']);
});

test('a dependency is found beside its user or further up, as Node finds it', () => {
  const packages = {
    'node_modules/a': whole,
    'node_modules/b/node_modules/c': { ...whole, dependencies: { a: '1', d: '1' } },
    'node_modules/b/node_modules/d': whole,
  };
  expect(judgeLock({ packages })).toEqual([]);
});

test('an address of a registry, and a missing hash, are named', () => {
  const packages = { 'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a.tgz' } };
  expect(judgeLock({ packages })).toEqual([
    'node_modules/a names a host: registry.example',
    'node_modules/a has no integrity hash',
  ]);
});
