import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTestFolder } from '#tests/support/spool-records.ts';
import { readUpstreams } from './upstreams.ts';

const read = (setting: string | undefined, variables: Record<string, string> = {}) =>
  readUpstreams({ setting, simulatorPort: 4200, readVariable: (name) => variables[name] });

test('without a setting there are OpenAI and the simulator, and no key is held', () => {
  const upstreams = read(undefined);
  expect([...upstreams.values()].map(({ name, kind, url, key }) => [name, kind, url.href, key])).toEqual([
    ['simulator', 'simulator', 'http://127.0.0.1:4200/', null],
    ['openai', 'openai', 'https://api.openai.com/', null],
  ]);
});

test('where no simulator runs there is no upstream of that name', () => {
  expect([...readUpstreams({ setting: undefined, simulatorPort: null, readVariable: () => undefined }).keys()]).toEqual([
    'openai',
  ]);
});

test('keys are taken literally or from the environment, web socket addresses are understood', () => {
  const setting = JSON.stringify({
    a: { kind: 'xai', url: 'wss://api.x.ai', key: 'env:XAI_KEY' },
    b: { kind: 'compatible', url: 'ws://localhost:8000/v1', key: 'plain' },
  });
  const upstreams = read(setting, { XAI_KEY: 'secret' });
  expect(upstreams.get('a')).toMatchObject({ key: 'secret', url: new URL('https://api.x.ai') });
  expect(upstreams.get('b')).toMatchObject({ key: 'plain', url: new URL('http://localhost:8000/v1') });
});

test('the setting may be the path of a JSON file', () => {
  const folder = makeTestFolder('upstreams');
  const file = join(folder, 'upstreams.json');
  writeFileSync(file, '{"a":{"kind":"qwen","url":"https://dashscope.aliyuncs.com"}}');
  expect(read(file).get('a')).toMatchObject({ kind: 'qwen' });
  rmSync(folder, { recursive: true });
});

test.each([
  ['{"a":', 'is not JSON'],
  ['/nowhere/upstreams.json', 'ENOENT'],
  ['{"a":{"kind":"nobody","url":"https://x"}}', 'a.kind'],
  ['{"a":{"kind":"openai","url":"ftp://x"}}', 'a.url'],
  ['{"a":{"kind":"openai","url":"https://user:pass@x"}}', 'a.url'],
  ['{"a":{"kind":"openai","url":"https://x/?q=1"}}', 'a.url'],
  ['{"a/b":{"kind":"openai","url":"https://x"}}', 'letters, digits'],
  ['{"..":{"kind":"openai","url":"https://x"}}', 'letters, digits'],
  ['{"a":{"kind":"openai","url":"https://x","secret":"s"}}', 'secret'],
  ['{"a":{"kind":"openai","url":"https://x","key":"env:MISSING"}}', 'MISSING'],
])('%s is refused, naming what is wrong', (setting, part) => {
  expect(() => read(setting)).toThrow(
    expect.objectContaining({ code: 'DS_CONFIG_INVALID', message: expect.stringContaining(part) }),
  );
});
