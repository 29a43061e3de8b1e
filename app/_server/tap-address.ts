import { join } from 'node:path';
import { readEnv } from '#lib/config/env.ts';
import { tapAddress as addressUnder } from '#lib/config/public-url.ts';
import type { Tap } from '../_ui/recipes.ts';

/** Where `npm start` keeps its data where no setting says otherwise; it tells the dashboard where exactly. */
const USUAL_FOLDER = '.deltascope';

/** The tap's addresses by this process's settings, and the certificate that clients must trust. */
export function tapAddress(): Tap {
  const env = readEnv();
  const caFile = env.DELTASCOPE_TLS_CERT === undefined ? join(env.DELTASCOPE_DATA_DIR ?? USUAL_FOLDER, 'ca', 'ca.pem') : null;
  return { ...addressUnder(env), caFile };
}
