import { expect, test } from 'vitest';
import { makeAgentChoice } from './outgoing.ts';

const choose = makeAgentChoice({ url: 'http://proxy.example:3128', except: '.corp.example, api.x.ai,10.0.0.7:8000' });

test.each([
  ['https://api.openai.com/v1', true],
  ['https://myres.corp.example', false],
  ['https://corp.example', false],
  ['https://api.x.ai', false],
  ['http://10.0.0.7:8000', false],
  ['http://10.0.0.7:9000', true],
  ['http://127.0.0.1:4200', false],
  ['http://localhost:4200', false],
])('%s goes through the proxy: %s', (target, isProxied) => {
  expect(choose(new URL(target)) !== undefined).toBe(isProxied);
});

test('without a proxy, and with * as exception, all is reached directly', () => {
  expect(makeAgentChoice({ url: undefined, except: '' })(new URL('https://a.example'))).toBeUndefined();
  expect(makeAgentChoice({ url: 'http://proxy.example', except: '*' })(new URL('https://a.example'))).toBeUndefined();
});
