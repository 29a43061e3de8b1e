import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ensureLocalCertificate } from '#workers/shared/local-ca.ts';

const folder = mkdtempSync(join(tmpdir(), 'deltascope-ca-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['localhost', '127.0.0.1'])('a client that trusts the authority reaches https://%s', async (host) => {
  const { cert, key, caFile } = await ensureLocalCertificate({ folder });
  const server = createServer({ cert, key }, (_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [response] = await once(get({ host, port, ca: readFileSync(caFile), agent: false, family: 4 }), 'response');
  expect(response.statusCode).toBe(200);
  response.resume();
  server.close();
});

test('keys are for their owner only, and the certificate stays the same until it nears its end', async () => {
  const first = await ensureLocalCertificate({ folder });
  const second = await ensureLocalCertificate({ folder });
  expect(second.cert).toBe(first.cert);
  expect(statSync(join(folder, 'ca-key.pem')).mode & 0o777).toBe(0o600);
  expect(statSync(first.caFile).mode & 0o777).toBe(0o644);
  const days = (Date.parse(new X509Certificate(first.cert).validTo) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(390);
  expect(days).toBeLessThan(398);
});

test('another host name gets a certificate of its own from the same authority', async () => {
  const other = await ensureLocalCertificate({ folder, hosts: ['deltascope.internal'] });
  const authority = new X509Certificate(readFileSync(other.caFile));
  const certificate = new X509Certificate(other.cert);
  expect(certificate.checkHost('deltascope.internal')).toBe('deltascope.internal');
  expect(certificate.verify(authority.publicKey)).toBe(true);
});

test('two workers that start at once end up with one authority', async () => {
  const shared = mkdtempSync(join(folder, 'race-'));
  const made = await Promise.all([
    ensureLocalCertificate({ folder: shared }),
    ensureLocalCertificate({ folder: shared, hosts: ['other'] }),
  ]);
  const authority = new X509Certificate(readFileSync(join(shared, 'ca.pem')));
  for (const { cert } of made) expect(new X509Certificate(cert).verify(authority.publicKey)).toBe(true);
});
