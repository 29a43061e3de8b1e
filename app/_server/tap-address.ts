import { join } from 'node:path';
import { readEnv } from '#lib/config/env.ts';
import { tapAddress as addressUnder } from '#lib/config/public-url.ts';
import type { Tap } from '../_ui/recipes.ts';

/** Where `npm start` keeps its data where no setting says otherwise; it tells the dashboard where exactly. */
const USUAL_FOLDER = '.deltascope';

/** Where the image keeps its data: a path of the container, which nobody has outside. */
const IMAGE_FOLDER = '/data';

/** The tap's addresses by this process's settings, and the certificate that clients must trust. */
export function tapAddress(): Tap {
  const env = readEnv();
  const address = addressUnder(env);
  if (env.DELTASCOPE_TLS_CERT !== undefined) return { ...address, caFile: null, fetchCa: null };
  const caFile = join(env.DELTASCOPE_DATA_DIR ?? USUAL_FOLDER, 'ca', 'ca.pem');
  if (env.DELTASCOPE_DATA_DIR !== IMAGE_FOLDER) return { ...address, caFile, fetchCa: null };
  return { ...address, caFile: 'ca.pem', fetchCa: `docker compose cp tap:${caFile} .` };
}
