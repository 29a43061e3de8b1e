import type { Server as HttpServer } from 'node:http';
import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';
import type { Socket } from 'socket.io';
import { Server } from 'socket.io';
import { z } from 'zod';
import type { SessionId } from '#lib/base/brand.ts';
import { coerceError } from '#lib/base/errors.ts';
import { isSessionId } from '#lib/base/session-id.ts';
import type { BrowserToServerEvents, RecordingState, ServerToBrowserEvents, SessionPush } from '#lib/live/contract.ts';
import { LIVE_PATH } from '#lib/live/contract.ts';
import type { Store } from '#lib/store/connect.ts';
import { findSessions } from '#lib/store/find-session.ts';
import { readIncidentsAfter } from '#lib/store/list-incidents.ts';
import { listRecentSessions } from '#lib/store/list-recent-sessions.ts';
import type { CommitNotice } from '#lib/store/listen-commits.ts';
import { listenCommits } from '#lib/store/listen-commits.ts';
import type { ChangesRequest } from '#lib/store/read-session-changes.ts';
import { readSessionChanges } from '#lib/store/read-session-changes.ts';
import type { Logger } from '#workers/shared/logger.ts';
import type { Gate } from './gate.ts';
import { IncidentPusher } from './incident-pusher.ts';
import { ListPusher } from './list-pusher.ts';
import { readRecordingState } from './recording-state.ts';
import { SessionPusher } from './session-pusher.ts';

export interface LiveServerOptions {
  readonly server: HttpServer;
  readonly gate: Pick<Gate, 'admitSocket'>;
  readonly store: Store;
  /** Direct connection for LISTEN. */
  readonly listenUrl: string;
  readonly recorderPort: number;
  readonly registry: Registry;
  readonly log: Logger;
}

export interface LiveServer {
  /** Whether commits are heard as they happen; else they are polled for each second. */
  readonly isListening: () => boolean;
  /** Closes the sockets of those who would not be let in any more. */
  recheck(): void;
  close(): Promise<void>;
}

type LiveSocket = Socket<BrowserToServerEvents, ServerToBrowserEvents>;

const LIST_ROOM = 'sessions';
/** Sessions that a page with a list is told of when it comes. */
const LIST_SESSIONS = 200;
const STATE_EVERY_MS = 2000;
/** Sessions end by their time, or through another dashboard, without a word. */
const RECHECK_EVERY_MS = 15_000;
const QUIET_MS = 10_000;
/** Sessions that one browser may watch at once; a page watches one. */
const MAX_WATCHED = 50;
/** Most incidents that pages are told of at once. */
const MAX_INCIDENTS = 20;
/** Browsers send small requests only. */
const MAX_REQUEST_BYTES = 64 * 1024;

const WATCH = z.object({
  sessionId: z.string().refine(isSessionId),
  afterSeq: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  status: z.string().max(20).optional(),
});
const UNWATCH = z.object({ sessionId: z.string().refine(isSessionId) });

/** Serves the live push on an HTTP server. Nothing is read while nobody watches. */
export function openLiveServer(options: LiveServerOptions): LiveServer {
  const { store, log } = options;
  const io = makeSocketServer(options);
  const metrics = makeLiveMetrics(options.registry, io);
  const onError = makeErrorLog(log);
  const pushers = new PusherBook();
  const list = new ListPusher({
    isWatched: () => (io.sockets.adapter.rooms.get(LIST_ROOM)?.size ?? 0) > 0,
    readSessions: (ids) => findSessions(store, ids),
    readRecent: (limit) => listRecentSessions(store, limit),
    send: (sessions) => io.to(LIST_ROOM).emit('sessions:changed', sessions),
    onError,
  });
  const incidents = new IncidentPusher({
    isWatched: () => io.engine.clientsCount > 0,
    read: (after) => readIncidentsAfter(store, after, MAX_INCIDENTS),
    send: ({ id, title, severity, ruleName }) => io.emit('incident:opened', { id, title, severity, ruleName }),
    onError,
  });
  const reads = shareReads((request: ChangesRequest) => readSessionChanges(store, request));
  const lists = shareReads((limit: number) => listRecentSessions(store, limit));
  const listener = listenCommits({
    url: options.listenUrl,
    onCommit: (notice) => {
      reads.renew();
      lists.renew();
      pushers.wake(notice);
      list.notice(notice);
    },
    onIncident: () => void incidents.wake(),
    onState: (broken) => logListening(log, broken),
  });
  const state = watchRecordingState(io, () => readRecordingState(store, options.recorderPort));
  io.on('connection', (socket) => {
    state.greet(socket);
    const send = async (push: SessionPush) => {
      metrics.pushedRows.inc(push.events.length);
      await new Promise<void>((resolve) => socket.emit('session:push', push, resolve));
    };
    takeWatches(socket, { pushers, makePusher: (request) => new SessionPusher({ ...request, read: reads.read, send, onError }) });
    socket.on('sessions:watch', () => {
      void socket.join(LIST_ROOM);
      // Whatever changed while this browser was away.
      lists.read(LIST_SESSIONS).then((sessions) => socket.emit('sessions:changed', sessions), onError);
    });
    socket.on('sessions:unwatch', () => void socket.leave(LIST_ROOM));
  });
  const recheck = () => closeStrangers(io, options.gate).catch(onError);
  let isUnderWay = false;
  const rechecker = setInterval(() => {
    // A slow database may draw one out.
    if (isUnderWay) return;
    isUnderWay = true;
    void recheck().finally(() => {
      isUnderWay = false;
    });
  }, RECHECK_EVERY_MS);
  return {
    isListening: listener.isListening,
    recheck: () => void recheck(),
    close: async () => {
      clearInterval(rechecker);
      state.close();
      list.close();
      await listener.close();
      await io.close();
    },
  };
}

function makeSocketServer({ server, gate }: LiveServerOptions): Server<BrowserToServerEvents, ServerToBrowserEvents> {
  const io = new Server<BrowserToServerEvents, ServerToBrowserEvents>(server, {
    path: LIVE_PATH,
    serveClient: false,
    maxHttpBufferSize: MAX_REQUEST_BYTES,
    perMessageDeflate: false,
    allowRequest: (request, decide) => {
      void gate.admitSocket(request).then((admission) => decide(admission.ok ? null : admission.code, admission.ok));
    },
  });
  io.engine.on('headers', (headers: Record<string, string>) => {
    headers['x-content-type-options'] = 'nosniff';
    headers['cache-control'] = 'no-store';
  });
  return io;
}

/** An open socket was let in when it was opened. Nobody is sent away for what is not his: a database that is away, others' wrong passwords. */
async function closeStrangers(io: Server, gate: LiveServerOptions['gate']): Promise<void> {
  for (const socket of io.sockets.sockets.values()) {
    const admission = await gate.admitSocket(socket.request);
    if (!admission.ok && admission.status === 401) socket.disconnect(true);
  }
}

/** Who watches which session. */
class PusherBook {
  readonly #bySession = new Map<SessionId, Set<SessionPusher>>();

  add(id: SessionId, pusher: SessionPusher): void {
    const held = this.#bySession.get(id) ?? new Set();
    this.#bySession.set(id, held.add(pusher));
  }

  remove(id: SessionId, pusher: SessionPusher): void {
    pusher.close();
    const held = this.#bySession.get(id);
    held?.delete(pusher);
    if (held?.size === 0) this.#bySession.delete(id);
  }

  wake(notice: CommitNotice): void {
    const ids = notice === '*' ? this.#bySession.keys() : notice.map(([id]) => id);
    for (const id of ids) for (const pusher of this.#bySession.get(id) ?? []) pusher.wake();
  }
}

interface WatchHandling {
  readonly pushers: PusherBook;
  readonly makePusher: (request: z.infer<typeof WATCH>) => SessionPusher;
}

/** Starts, replaces and ends the pushes that a browser asks for. What it sends is checked; nonsense is not answered. */
function takeWatches(socket: LiveSocket, { pushers, makePusher }: WatchHandling): void {
  const held = new Map<SessionId, SessionPusher>();
  const end = (id: SessionId) => {
    const pusher = held.get(id);
    if (pusher !== undefined) pushers.remove(id, pusher);
    held.delete(id);
  };
  socket.on('session:watch', (given) => {
    const request = WATCH.safeParse(given);
    if (!request.success) return;
    const { sessionId } = request.data;
    end(sessionId);
    if (held.size >= MAX_WATCHED) return;
    const pusher = makePusher(request.data);
    held.set(sessionId, pusher);
    pushers.add(sessionId, pusher);
    pusher.wake();
  });
  socket.on('session:unwatch', (given) => {
    const request = UNWATCH.safeParse(given);
    if (request.success) end(request.data.sessionId);
  });
  socket.on('disconnect', () => {
    for (const id of [...held.keys()]) end(id);
  });
}

/**
 * Lets browsers that ask for the same share a reading. A reading that began before a commit says nothing about it, so none is shared
 * across a notice.
 */
function shareReads<Request, Result>(
  read: (request: Request) => Promise<Result>,
): { readonly read: (request: Request) => Promise<Result>; renew(): void } {
  const underWay = new Map<string, Promise<Result>>();
  return {
    read: (request) => {
      const key = JSON.stringify(request);
      const shared = underWay.get(key);
      if (shared !== undefined) return shared;
      const reading = read(request).finally(() => {
        if (underWay.get(key) === reading) underWay.delete(key);
      });
      underWay.set(key, reading);
      return reading;
    },
    renew: () => underWay.clear(),
  };
}

interface StateWatch {
  greet(socket: LiveSocket): void;
  close(): void;
}

/** Tells everybody every two seconds how the recording stands, and newcomers at once. */
function watchRecordingState(
  io: Server<BrowserToServerEvents, ServerToBrowserEvents>,
  read: () => Promise<RecordingState>,
): StateWatch {
  const timer = setInterval(() => {
    if (io.engine.clientsCount > 0) void read().then((state) => io.emit('recording:state', state));
  }, STATE_EVERY_MS);
  return {
    greet: (socket) => void read().then((state) => socket.emit('recording:state', state)),
    close: () => clearInterval(timer),
  };
}

function makeLiveMetrics(registry: Registry, io: Server): { readonly pushedRows: Counter } {
  new Gauge({
    name: 'deltascope_live_sockets',
    help: 'Browsers connected.',
    registers: [registry],
    collect() {
      this.set(io.engine.clientsCount);
    },
  });
  const pushedRows = new Counter({
    name: 'deltascope_live_pushed_rows',
    help: 'Event rows pushed to browsers.',
    registers: [registry],
  });
  return { pushedRows };
}

/** While the database is away every page's reading fails each second: one line in ten seconds says it. */
function makeErrorLog(log: Logger): (error: unknown) => void {
  let quietUntil = 0;
  return (error) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + QUIET_MS;
    log.warn({ err: coerceError(error) }, 'cannot read what to push');
  };
}

function logListening(log: Logger, broken: Error | null): void {
  if (broken === null) log.info('hearing of commits as they happen');
  else log.warn({ err: broken }, 'cannot hear of commits; reading each second instead');
}
