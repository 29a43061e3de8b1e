import { readFileSync } from 'node:fs';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Env } from '#lib/config/env.ts';
import { readProxy, readVariable } from '#lib/config/env.ts';
import { authorityFolder, spoolFolder } from '#workers/shared/data-folder.ts';
import { makeMetrics } from '#workers/shared/health.ts';
import { onShutdown, runWorker } from '#workers/shared/lifecycle.ts';
import { ensureLocalCertificate } from '#workers/shared/local-ca.ts';
import { guardBinding } from '#workers/shared/network-guard.ts';
import type { TapOptions } from './tap.ts';
import { startTap } from './tap.ts';
import type { Upstreams } from './upstreams.ts';
import { readUpstreams } from './upstreams.ts';

/** What stopping may take beyond the draining: good-byes and the last batch. */
const STOP_MS = 15_000;

/** The tap's process: settings → relay → recording. */
await runWorker('tap', async ({ env, log }) => {
  const host = env.DELTASCOPE_TAP_HOST;
  guardBinding({ host, isProtected: env.DELTASCOPE_CAPTURE_KEYS.length > 0, setting: 'DELTASCOPE_TAP_HOST' });
  const simulatorPort = env.DELTASCOPE_SIMULATOR ? env.DELTASCOPE_SIMULATOR_PORT : null;
  const upstreams = readUpstreams({ setting: env.DELTASCOPE_UPSTREAMS, simulatorPort, readVariable });
  const unprotected = env.DELTASCOPE_CAPTURE_KEYS.length === 0 ? namesWithKey(upstreams) : [];
  if (unprotected.length > 0)
    log.warn(
      { upstreams: unprotected },
      'set DELTASCOPE_CAPTURE_KEYS: the tap holds these keys and refuses all requests for them',
    );
  const tls = await certificateOf(env);
  const tap = await startTap({
    host,
    port: env.DELTASCOPE_TAP_PORT,
    tls: { port: env.DELTASCOPE_TAP_TLS_PORT, ...tls },
    upstreams,
    gate: {
      captureKeys: env.DELTASCOPE_CAPTURE_KEYS,
      allowedOrigins: env.DELTASCOPE_ALLOWED_ORIGINS,
      allowedHosts: [...env.DELTASCOPE_ALLOWED_HOSTS, host],
    },
    limits: limitsOf(env),
    spool: {
      folder: spoolFolder(env, env.DELTASCOPE_SPOOL_NAME),
      segmentBytes: env.DELTASCOPE_SPOOL_SEGMENT_BYTES,
      maxBytes: env.DELTASCOPE_SPOOL_MAX_BYTES,
    },
    proxy: readProxy(),
    registry: makeMetrics('tap'),
    log,
  });
  onShutdown('tap', () => tap.stop({ drainMs: env.DELTASCOPE_TAP_DRAIN_MS }), {
    withinMs: env.DELTASCOPE_TAP_DRAIN_MS + STOP_MS,
  });
  log.info({ host, port: tap.port, tlsPort: tap.tlsPort, upstreams: [...upstreams.keys()], caFile: tls.caFile }, 'tap listens');
});

function namesWithKey(upstreams: Upstreams): string[] {
  return [...upstreams.values()].filter((upstream) => upstream.key !== null).map((upstream) => upstream.name);
}

async function certificateOf(env: Env): Promise<{ cert: string; key: string; caFile: string | null }> {
  const { DELTASCOPE_TLS_CERT: cert, DELTASCOPE_TLS_KEY: key } = env;
  if (cert && key) return { cert: readPem(cert, 'DELTASCOPE_TLS_CERT'), key: readPem(key, 'DELTASCOPE_TLS_KEY'), caFile: null };
  if (cert || key) throw new DeltascopeError('DS_CONFIG_INVALID', 'DELTASCOPE_TLS_CERT and DELTASCOPE_TLS_KEY belong together.');
  return ensureLocalCertificate({ folder: authorityFolder(env), hosts: [...env.DELTASCOPE_ALLOWED_HOSTS] });
}

function readPem(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code } = coerceError(thrown) as NodeJS.ErrnoException;
    throw new DeltascopeError('DS_CONFIG_INVALID', `${setting}: the file cannot be read (${code}).`);
  }
}

function limitsOf(env: Env): TapOptions['limits'] {
  return {
    maxMessageBytes: env.DELTASCOPE_TAP_MAX_MESSAGE_BYTES,
    maxSessions: env.DELTASCOPE_TAP_MAX_SESSIONS,
    maxBufferBytes: env.DELTASCOPE_TAP_MAX_BUFFER_BYTES,
    maxRecordBufferBytes: env.DELTASCOPE_TAP_MAX_RECORD_BUFFER_BYTES,
    maxUpgradesPerMinute: env.DELTASCOPE_TAP_MAX_UPGRADES_PER_MINUTE,
    dialTimeoutMs: env.DELTASCOPE_TAP_DIAL_TIMEOUT_MS,
  };
}
