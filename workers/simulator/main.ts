import { authorityFolder } from '#workers/shared/data-folder.ts';
import { onShutdown, runWorker } from '#workers/shared/lifecycle.ts';
import { ensureLocalCertificate } from '#workers/shared/local-ca.ts';
import { startSimulator } from './start-simulator.ts';

/** The stand-in provider, on loopback only: it lets everybody in. */
await runWorker('simulator', async ({ env, log }) => {
  const { cert, key } = await ensureLocalCertificate({ folder: authorityFolder(env), hosts: [] });
  const tls = { port: env.DELTASCOPE_SIMULATOR_TLS_PORT, cert, key };
  const simulator = await startSimulator({ port: env.DELTASCOPE_SIMULATOR_PORT, tls, log });
  onShutdown('simulator', () => simulator.close());
  log.info({ port: simulator.port, tlsPort: simulator.tlsPort }, 'ready');
});
