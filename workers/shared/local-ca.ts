import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '#lib/base/durations.ts';

/**
 * A certificate authority of this machine's own, so that clients which insist on `wss:` work without a bought certificate.
 * Its key never leaves the folder and is readable by its owner only. Key and certificate share one file each, put in place
 * in one step: two workers that start at once end up with the same authority.
 */

const AUTHORITY_DAYS = 3650;
/** Browsers and Apple's libraries refuse server certificates of more than 398 days. */
const SERVER_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface LocalCertificate {
  /** PEM: the server's certificate. */
  readonly cert: string;
  /** PEM: the server's private key. */
  readonly key: string;
  /** Path of the authority's certificate; clients trust it with `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE` or the like. */
  readonly caFile: string;
}

export interface LocalCertificateOptions {
  /** Folder of the authority. */
  readonly folder: string;
  /** Names and addresses besides localhost, 127.0.0.1 and ::1. */
  readonly hosts?: readonly string[];
}

/** Gives a server certificate of the folder's authority; makes either where it is missing, expires soon or does not fit. */
export async function ensureLocalCertificate({ folder, hosts = [] }: LocalCertificateOptions): Promise<LocalCertificate> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts])].sort();
  const authority = await ensureAuthority(folder);
  const caFile = join(folder, 'ca.pem');
  if (!existsSync(caFile) || readFileSync(caFile, 'utf8') !== authority.cert) putFile(caFile, authority.cert, 0o644);
  const file = join(folder, `server-${createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 12)}.pem`);
  const kept = readPair(file);
  if (kept !== null && isUsable(kept.cert, authority.cert)) return { ...kept, caFile };
  const made = await issueServer(authority, names);
  putFile(file, made.key + made.cert, 0o600);
  return { ...made, caFile };
}

interface Pair {
  readonly cert: string;
  readonly key: string;
}

async function ensureAuthority(folder: string): Promise<Pair> {
  const file = join(folder, 'ca-key.pem');
  const kept = readPair(file);
  if (kept !== null && daysLeft(kept.cert) > SERVER_DAYS) return kept;
  const made = await issueAuthority();
  if (kept !== null) putFile(file, made.key + made.cert, 0o600);
  else putFileOnce(file, made.key + made.cert);
  return readPair(file) ?? made;
}

/** A file of ours holds a private key and, after it, the certificate; null where it does not. */
function readPair(file: string): Pair | null {
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text)?.[0];
  const cert = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text)?.[0];
  return key === undefined || cert === undefined ? null : { key, cert };
}

function isUsable(cert: string, authority: string): boolean {
  return daysLeft(cert) > RENEW_BEFORE_DAYS && new X509Certificate(cert).verify(new X509Certificate(authority).publicKey);
}

function daysLeft(cert: string): number {
  return (Date.parse(new X509Certificate(cert).validTo) - Date.now()) / DAY_MS;
}

async function issueAuthority(): Promise<Pair> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(AUTHORITY_DAYS),
    name: [{ CN: [`Deltascope local CA of ${hostname()}`] }, { O: ['Deltascope'] }],
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: pemOf('CERTIFICATE', cert.rawData) };
}

async function issueServer(authority: Pair, names: readonly string[]): Promise<Pair> {
  const x509 = await loadX509();
  const issuer = new x509.X509Certificate(authority.cert);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.create({
    ...validity(SERVER_DAYS),
    subject: [{ CN: ['Deltascope on this machine'] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(alternativeName)),
      // OpenSSL's strict mode, which Python 3.13 turns on, refuses a certificate without it.
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: pemOf('CERTIFICATE', cert.rawData) };
}

function alternativeName(value: string): { readonly type: 'dns' | 'ip'; readonly value: string } {
  return { type: isIP(value) === 0 ? 'dns' : 'ip', value };
}

/** Loaded only where a certificate is made: it is large, and nearly every start finds one. */
async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(crypto);
  return x509;
}

function validity(days: number): { readonly serialNumber: string; readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  // A day back, for clients whose clock is slow. The leading 01 keeps the serial number positive.
  return {
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + (days - 1) * DAY_MS),
  };
}

async function exportKey(key: CryptoKey): Promise<string> {
  return pemOf('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', key));
}

function importKey(pem: string): Promise<CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}

function pemOf(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Replaces a file in one step. */
function putFile(file: string, text: string, mode: number): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text, { mode });
  renameSync(partial, file);
}

/** Puts a file in place only if there is none: whoever comes second keeps the first one's. */
function putFileOnce(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text, { mode: 0o600 });
  try {
    linkSync(partial, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(partial);
  }
}
