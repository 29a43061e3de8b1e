import type { Env } from '#lib/config/env.ts';
import { dashboardUrl, tapAddress } from '#lib/config/public-url.ts';
import { isUnpackedCopy } from '#workers/shared/data-folder.ts';

/** What to do next, for the terminal: where the dashboard is, and the one line to change in an application. */
export function describeReady(env: Env, caFile: string): string {
  const demo = isUnpackedCopy() ? 'npx deltascope demo' : 'npm run demo';
  const { plain, secure } = tapAddress(env);
  const trust = env.DELTASCOPE_TLS_CERT === undefined ? `NODE_EXTRA_CA_CERTS=${caFile}` : '';
  return [
    '',
    'Deltascope is ready.',
    '',
    `  Dashboard   ${dashboardUrl(env)}`,
    `  Tap         ws://${plain}/v1/realtime   wss://${secure}/v1/realtime`,
    '',
    'Point your application at the tap; everything else stays as it is:',
    '',
    `  any WebSocket client    ws://${plain}/v1/realtime?model=gpt-realtime`,
    `  openai package          baseURL: 'https://${secure}/v1'   ${trust}`.trimEnd(),
    `  agents SDK              url: 'ws://${plain}/v1/realtime?model=gpt-realtime'`,
    '',
    ...(env.DELTASCOPE_SIMULATOR ? [`No key at hand? \`${demo}\` plays a few calls through the tap.`, ''] : []),
    'Ctrl-C ends everything once running calls are over; twice ends it now.',
    '',
  ].join('\n');
}
