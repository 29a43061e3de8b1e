import { rmSync } from 'node:fs';
import { Registry } from 'prom-client';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';
import type { SpoolRecord } from '#lib/spool/record.ts';
import { makeLogger } from '#workers/shared/logger.ts';
import type { Tap, TapOptions } from '#workers/tap/tap.ts';
import { startTap } from '#workers/tap/tap.ts';
import { readUpstreams } from '#workers/tap/upstreams.ts';
import { makeTestFolder, readWholeSpool } from './spool-records.ts';

/** A tap of a test's own: in this process, on a free port, with a spool in a temporary folder. */
export interface TestTap extends Tap {
  readonly folder: string;
  /** `ws://127.0.0.1:PORT` plus a path. */
  url(path: string): string;
  httpUrl(path: string): string;
  /** Stops the tap (once) and returns what its spool holds. */
  recorded(): Promise<SpoolRecord[]>;
  /** Stops the tap and deletes its folder. */
  drop(): Promise<void>;
}

type Overrides = Partial<Omit<TapOptions, 'limits' | 'gate' | 'upstreams' | 'spool'>> & {
  readonly limits?: Partial<TapOptions['limits']>;
  readonly gate?: Partial<TapOptions['gate']>;
  readonly spool?: Partial<TapOptions['spool']>;
  /** As in DELTASCOPE_UPSTREAMS. */
  readonly upstreams: Record<string, { kind: string; url: string; key?: string }>;
};

const MEGABYTE = 1024 ** 2;

/** Starts a tap in front of the given upstreams. */
export async function startTestTap({ limits, gate, spool, upstreams, ...overrides }: Overrides): Promise<TestTap> {
  const folder = makeTestFolder('tap');
  const tap = await startTap({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    upstreams: readUpstreams({ setting: JSON.stringify(upstreams), simulatorPort: null, readVariable: () => undefined }),
    gate: { captureKeys: [], allowedOrigins: [], allowedHosts: [], ...gate },
    limits: {
      maxMessageBytes: 256 * MEGABYTE,
      maxSessions: 100,
      maxBufferBytes: 16 * MEGABYTE,
      maxRecordBufferBytes: 256 * MEGABYTE,
      maxUpgradesPerMinute: 6000,
      dialTimeoutMs: 5000,
      ...limits,
    },
    spool: { folder, segmentBytes: 64 * MEGABYTE, maxBytes: 4096 * MEGABYTE, ...spool },
    proxy: { url: undefined, except: '' },
    registry: new Registry(),
    log: makeLogger({ worker: 'tap', level: 'silent' }),
    ...overrides,
  }).catch((thrown: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  });
  const { port } = tap;
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopped ??= tap.stop({ drainMs: 0 });
    return stopped;
  };
  return {
    port,
    tlsPort: tap.tlsPort,
    counters: tap.counters,
    channel: tap.channel,
    folder,
    stop: (options) => {
      stopped ??= tap.stop(options);
      return stopped;
    },
    url: (path) => `ws://127.0.0.1:${port}${path}`,
    httpUrl: (path) => `http://127.0.0.1:${port}${path}`,
    async recorded() {
      await stop();
      return readWholeSpool(folder);
    },
    async drop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What became of a handshake: an open socket, or the status, headers and body it was refused with. */
export type Connected =
  | { readonly how: 'open'; readonly socket: WebSocket; readonly headers: Record<string, string | string[] | undefined> }
  | {
      readonly how: 'refused';
      readonly status: number;
      readonly headers: Record<string, string | string[] | undefined>;
      readonly body: string;
    };

/** Connects and waits for the answer. */
export function connect(url: string, options: ClientOptions & { readonly protocols?: string[] } = {}): Promise<Connected> {
  const { protocols = [], ...rest } = options;
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false, maxPayload: 0, skipUTF8Validation: true, ...rest });
  return new Promise((resolve, reject) => {
    let headers: Record<string, string | string[] | undefined> = {};
    socket.once('upgrade', (answer) => {
      headers = answer.headers;
    });
    socket.once('open', () => resolve({ how: 'open', socket, headers }));
    socket.once('unexpected-response', (_request, answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      answer.once('end', () => resolve({ how: 'refused', status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    socket.on('error', reject);
  });
}

/** Connects where success is expected. */
export async function open(url: string, options: ClientOptions & { readonly protocols?: string[] } = {}): Promise<WebSocket> {
  const connected = await connect(url, options);
  if (connected.how === 'refused') throw new Error(`refused with ${connected.status}: ${connected.body}`);
  return connected.socket;
}

/** Waits until something holds; fails with what it was about when it takes too long. */
export async function waitFor(what: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
