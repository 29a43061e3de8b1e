import type { WebSocket } from 'ws';
import type { CaptureEnd } from '#lib/protocol/capture.ts';
import type { Leg } from './dial.ts';
import type { SessionRecording } from './session-recording.ts';

/**
 * The relay of one session.
 *
 *   open ──a leg closes, breaks or vanishes──▶ closing: the other leg is closed the same way ──both gone──▶ ended
 *
 * A message is sent on first and recorded second, in the same turn of the event loop. Where a target reads too slowly, its
 * source is paused until what is queued has been written: memory stays bounded, the sender feels it as on a direct line.
 */
export interface Relay {
  /** Closes both legs from the tap's side, e.g. when it stops. */
  close(code: number, reason: string): void;
  /** Drops both legs at once. */
  terminate(): void;
}

export interface RelayOptions {
  readonly client: Leg;
  readonly upstream: Leg;
  readonly recording: SessionRecording;
  readonly maxBufferBytes: number;
  readonly onEnd: (end: CaptureEnd) => void;
}

type By = NonNullable<CaptureEnd['by']>;

const TEXT = { binary: false };
const BINARY = { binary: true };
/** Close codes that say that no close frame came; they never go over the wire. */
const NO_STATUS = 1005;
const ABNORMAL = 1006;
/** What a leg without a close frame may take to write out what is queued. */
const FLUSH_MS = 30_000;

/** Wires two open legs together; the upstream one is expected to be paused. */
export function startRelay(options: RelayOptions): Relay {
  const { client, upstream, recording, maxBufferBytes } = options;
  let end: CaptureEnd | null = null;
  let openLegs = 2;

  const note = (by: By, code: number, reason: string, detail: string | null): void => {
    end ??= { how: 'ended', by, code, reason: reason === '' ? null : reason, httpStatus: null, detail };
  };
  const onClose = (by: By, other: Leg) => (code: number, reason: Buffer) => {
    note(by, code, reason.toString('utf8'), null);
    closeLeg(other, code, reason);
    openLegs -= 1;
    if (openLegs === 0) options.onEnd(end as CaptureEnd);
  };
  const onError = (other: Leg) => (error: Error & { code?: string }) => {
    const broken = describeBreach(error.code);
    if (!broken) return;
    note('tap', broken.code, broken.reason, error.message);
    closeLeg(other, broken.code, broken.reason);
  };

  pipeMessages(client.socket, upstream.socket, maxBufferBytes, recording.clientMessage);
  pipeMessages(upstream.socket, client.socket, maxBufferBytes, recording.serverMessage);
  client.socket.on('close', onClose('client', upstream)).on('error', onError(upstream));
  upstream.socket.on('close', onClose('server', client)).on('error', onError(client));
  upstream.socket.resume();

  return {
    close(code, reason) {
      note('tap', code, reason, null);
      for (const leg of [client, upstream]) closeLeg(leg, code, reason);
    },
    terminate() {
      note('tap', ABNORMAL, '', null);
      for (const leg of [client, upstream]) leg.socket.terminate();
    },
  };
}

type Record = (data: Buffer, isBinary: boolean) => void;

function pipeMessages(source: WebSocket, target: WebSocket, maxBufferBytes: number, record: Record): void {
  const resumeWhenWritten = (): void => {
    if (source.isPaused && target.bufferedAmount <= maxBufferBytes / 2) source.resume();
  };
  source.on('message', (data, isBinary) => {
    const message = data as Buffer;
    if (target.bufferedAmount + message.byteLength > maxBufferBytes) {
      source.pause();
      target.send(message, isBinary ? BINARY : TEXT, resumeWhenWritten);
    } else {
      target.send(message, isBinary ? BINARY : TEXT);
    }
    record(message, isBinary);
  });
  // Mirrored, not answered: `autoPong` is off, so a ping reaches the other party and its own pong comes back.
  source.on('ping', (data) => ifOpen(target, () => target.ping(data)));
  source.on('pong', (data) => ifOpen(target, () => target.pong(data)));
}

function ifOpen(socket: WebSocket, act: () => void): void {
  if (socket.readyState === socket.OPEN) act();
}

/** Passes a close on: with the same code and reason, without a code, or without a close frame at all. */
function closeLeg(leg: Leg, code: number, reason: Buffer | string): void {
  const { socket } = leg;
  // A paused leg would neither see the peer's close frame nor its end.
  socket.resume();
  if (socket.readyState !== socket.OPEN) return;
  if (code === ABNORMAL) cut(leg);
  else if (code === NO_STATUS) socket.close();
  else socket.close(code, reason);
}

/** Ends a leg as a vanished peer would, but lets it read what was already sent to it. */
function cut({ socket, raw }: Leg): void {
  raw.destroySoon();
  const timer = setTimeout(() => socket.terminate(), FLUSH_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** What the tap itself objects to; null for errors that only announce a vanished peer. `ws` has closed the guilty leg already. */
function describeBreach(code: string | undefined): { code: number; reason: string } | null {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return { code: 1009, reason: 'DS_TAP_MESSAGE_TOO_LARGE' };
  return code?.startsWith('WS_ERR_') ? { code: 1002, reason: 'DS_TAP_BROKEN_FRAME' } : null;
}
