import { readEnv } from '#lib/config/env.ts';
import { dashboardUrl, tapUrl } from '#lib/config/public-url.ts';
import { runDemo } from './demo.ts';

/** `npm run demo`: plays every scenario through the tap that the settings name, and prints what happens. */
const env = readEnv();
const captureKey = env.DELTASCOPE_CAPTURE_KEYS[0];
const failed = await runDemo({
  tapUrl: tapUrl(env),
  dashboardUrl: dashboardUrl(env),
  ...(captureKey === undefined ? {} : { captureKey }),
  ...(env.DELTASCOPE_PASSWORD === undefined ? {} : { dashboardPassword: env.DELTASCOPE_PASSWORD }),
  log: (line) => process.stdout.write(`${line}\n`),
});
process.exitCode = failed === 0 ? 0 : 1;
