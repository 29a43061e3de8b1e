import type { WebSocket } from 'ws';
import { MessageChain, makeMessage, readLatencyMs, stampMessage } from './messages.ts';

/** One measurement, as both ends are told of it. */
export interface Load {
  readonly sessions: number;
  readonly bytes: number;
  /** Messages a second, each way, in each session. */
  readonly rate: number;
  readonly ms: number;
  /** Messages that arrive before are hashed, but their latency does not count. */
  readonly warmUpMs: number;
}

/** What one end saw of one session. */
export interface EndReport {
  readonly session: number;
  readonly sent: string;
  readonly received: string;
  readonly latenciesMs: readonly number[];
}

const CLOSING_GRACE_MS = 3000;
/** What comes later than this after the last send was due counts as not delivered at the asked rate. */
const LATE_MS = 100;
const END = 'end';

/**
 * One end of one session: sends at the load's rate, receives and times whatever the other end sends, and is done when both have
 * said that they are. Both ends of a session are this same code.
 */
export function runEnd(socket: WebSocket, session: number, load: Load): Promise<EndReport> {
  const message = makeMessage(load.bytes);
  const sent = new MessageChain();
  const received = new MessageChain();
  const latenciesMs: number[] = [];
  const beganAt = performance.now();
  // Sessions are spread over one sending interval, so that they do not all send in the same millisecond.
  const phaseMs = (1000 / load.rate) * (session / load.sessions);
  const total = Math.round((load.ms / 1000) * load.rate);

  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(limit);
      resolve({ session, sent: sent.digest(), received: received.digest(), latenciesMs });
    };
    const limit = setTimeout(() => reject(new Error(`Session ${session} did not end in time.`)), load.ms * 3 + CLOSING_GRACE_MS);
    let ended = 0;
    const oneEnded = () => {
      ended += 1;
      if (ended === 2) finish();
    };
    socket.on('message', (data: Buffer) => {
      const nowNs = process.hrtime.bigint();
      if (data.length === END.length) return oneEnded();
      const elapsedMs = performance.now() - beganAt;
      if (elapsedMs > load.warmUpMs && elapsedMs <= load.ms + LATE_MS) latenciesMs.push(readLatencyMs(data, nowNs));
      received.add(data);
    });
    const send = () => {
      const due = Math.min(total, Math.floor(((performance.now() - beganAt - phaseMs) / 1000) * load.rate));
      while (sent.count < due) {
        const stamped = stampMessage(message);
        socket.send(stamped, { binary: false });
        sent.add(stamped);
      }
      if (sent.count < total) return void setTimeout(send, 1000 / load.rate - 1);
      socket.send(END);
      oneEnded();
    };
    setTimeout(send, phaseMs);
  });
}

/** The load, as the query of the WebSocket's address. */
export function toQuery(load: Load, session: number): string {
  return new URLSearchParams(Object.entries({ ...load, session }).map(([name, value]) => [name, String(value)])).toString();
}

/** The load in a query. */
export function fromQuery(query: URLSearchParams): { readonly load: Load; readonly session: number } {
  const number = (name: string) => Number(query.get(name));
  const load = {
    sessions: number('sessions'),
    bytes: number('bytes'),
    rate: number('rate'),
    ms: number('ms'),
    warmUpMs: number('warmUpMs'),
  };
  return { load, session: number('session') };
}
