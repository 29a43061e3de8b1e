import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENV_SCHEMA } from '#lib/config/env.ts';

const ROOT = new URL('../', import.meta.url);
const compose = parse(readFileSync(new URL('docker-compose.yml', ROOT), 'utf8'), { merge: true });
const services: Record<string, Service> = compose.services;

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

test('there is a service per worker, a database, and a step that migrates it', () => {
  expect(Object.keys(services).sort()).toEqual(['alerter', 'dashboard', 'migrate', 'postgres', 'recorder', 'simulator', 'tap']);
});

test('every command and every probe is a file of ours', () => {
  for (const { command, healthcheck } of Object.values(services)) {
    const files = [command?.[0], healthcheck?.test[2]].filter((file) => file?.startsWith('workers/'));
    for (const file of files) expect(existsSync(new URL(file ?? '', ROOT)), file).toBe(true);
  }
});

test('every service that stays has a health check', () => {
  const lasting = Object.entries(services).filter(([name]) => name !== 'migrate');
  for (const [name, service] of lasting) expect(service.healthcheck, name).toBeDefined();
});

test('nothing is open to the network without a password and a capture key', () => {
  for (const name of ['tap', 'dashboard']) {
    expect(services[name]?.environment?.['DELTASCOPE_PASSWORD']).toMatch(/^\$\{DELTASCOPE_PASSWORD:\?/);
    expect(services[name]?.environment?.['DELTASCOPE_CAPTURE_KEYS']).toMatch(/^\$\{DELTASCOPE_CAPTURE_KEYS:\?/);
  }
});

test('every setting that is passed on exists', () => {
  const keys = Object.values(services).flatMap((service) => Object.keys(service.environment ?? {}));
  const unknown = keys.filter((key) => key.startsWith('DELTASCOPE_') && !(key in ENV_SCHEMA.shape));
  expect(unknown).toEqual([]);
});

test('the demo’s button finds the tap by a name that the tap answers to', () => {
  const { hostname, port } = new URL(services['dashboard']?.environment?.['DELTASCOPE_TAP_URL'] ?? '');
  expect(Object.keys(services)).toContain(hostname);
  expect(services['tap']?.environment?.['DELTASCOPE_ALLOWED_HOSTS']?.split(',')).toContain(hostname);
  expect(Number(port)).toBe(ENV_SCHEMA.shape.DELTASCOPE_TAP_PORT.parse(undefined));
});

test('volumes are named, and declared', () => {
  const named = Object.values(services)
    .flatMap((service) => service.volumes ?? [])
    .map((volume) => volume.split(':')[0]);
  expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort());
});

test('workers wait for the migration, directly or through another worker', () => {
  const waits = (name: string): boolean =>
    Object.keys(services[name]?.depends_on ?? {}).some((other) => other === 'migrate' || waits(other));
  for (const name of ['tap', 'recorder', 'alerter', 'dashboard', 'simulator']) expect(waits(name), name).toBe(true);
});

test('everything that the image copies exists', () => {
  const dockerfile = readFileSync(new URL('Dockerfile', ROOT), 'utf8');
  const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
  expect(copies.length).toBeGreaterThan(5);
  for (const source of copies) expect(existsSync(new URL(source, ROOT)), source).toBe(true);
});
