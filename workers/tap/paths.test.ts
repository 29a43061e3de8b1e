import { expect, test } from 'vitest';
import { findRoute, isRefusal } from './paths.ts';
import { readUpstreams } from './upstreams.ts';

const upstreams = readUpstreams({
  setting: JSON.stringify({
    openai: { kind: 'openai', url: 'https://api.openai.com' },
    myres: { kind: 'azure-openai', url: 'https://myres.openai.azure.com', key: 'held' },
    based: { kind: 'compatible', url: 'http://10.0.0.7:8000/base/' },
  }),
  simulatorPort: 4200,
  readVariable: () => undefined,
});

test.each([
  ['/v1/realtime?model=m', 'https://api.openai.com/v1/realtime?model=m'],
  ['/v1/realtime?call_id=rtc_1', 'https://api.openai.com/v1/realtime?call_id=rtc_1'],
  ['/azure/myres/openai/v1/realtime?model=d&api-key=x', 'https://myres.openai.azure.com/openai/v1/realtime?model=d'],
  ['/up/based/v1/realtime', 'http://10.0.0.7:8000/base/v1/realtime'],
  ['/up/simulator/v1/realtime?scenario=a%2Fb', 'http://127.0.0.1:4200/v1/realtime?scenario=a%2Fb'],
  ['/azure/simulator/openai/realtime?deployment=d', 'http://127.0.0.1:4200/openai/realtime?deployment=d'],
  ['/v1/live/sessions/live_1/attach', 'https://api.openai.com/v1/live/sessions/live_1/attach'],
])('%s goes to %s', (rawUrl, expected) => {
  const route = findRoute(rawUrl, true, upstreams);
  expect(isRefusal(route) ? route : route.target.href).toBe(expected);
});

test.each([
  ['/v1/models', true, 'DS_TAP_PATH_UNKNOWN'],
  ['/azure/myres/openai/deployments/x', true, 'DS_TAP_PATH_UNKNOWN'],
  ['/v1', false, 'DS_TAP_PATH_UNKNOWN'],
  ['/', false, 'DS_TAP_PATH_UNKNOWN'],
  ['/azure/myres', false, 'DS_TAP_PATH_UNKNOWN'],
  ['/up/constructor/x', false, 'DS_TAP_UPSTREAM_UNKNOWN'],
  ['/azure/openai/openai/realtime', true, 'DS_TAP_UPSTREAM_UNKNOWN'],
  ['https://api.openai.com/v1/models', false, 'DS_TAP_PATH_REFUSED'],
  ['/v1/a b', false, 'DS_TAP_PATH_REFUSED'],
  ['/v1/é', false, 'DS_TAP_PATH_REFUSED'],
  ['/v1/..;/x', false, 'DS_TAP_PATH_REFUSED'],
  ['/v1/x#fragment', false, 'DS_TAP_PATH_REFUSED'],
  ['/up/based/..', false, 'DS_TAP_PATH_REFUSED'],
  ['', false, 'DS_TAP_PATH_REFUSED'],
])('%s (upgrade: %s) is refused with %s', (rawUrl, isUpgrade, code) => {
  expect(findRoute(rawUrl, isUpgrade, upstreams)).toMatchObject({ code });
});
