import { Writable } from 'node:stream';
import pino from 'pino';
import type { Env } from '#lib/config/env.ts';
import { formatLogLine } from './log-line.ts';

/** The one structured logger of a worker. Payloads, headers and keys are never given to it. */
export type Logger = pino.Logger;

export interface LoggerOptions {
  /** Name of the worker, on every line. */
  readonly worker: string;
  readonly level: Env['DELTASCOPE_LOG_LEVEL'];
  /** Unset: for people on a terminal, JSON elsewhere. */
  readonly format?: Env['DELTASCOPE_LOG_FORMAT'];
}

/** Makes a worker's logger. It writes to standard output, one line per entry, without delay. */
export function makeLogger({ worker, level, format }: LoggerOptions): Logger {
  const isTerminal = process.stdout.isTTY === true;
  const pretty = format === 'pretty' || (format === undefined && isTerminal);
  const destination = pretty ? prettyDestination(worker, isTerminal) : pino.destination({ fd: 1, sync: true });
  return pino({ level, base: { worker } }, destination);
}

function prettyDestination(worker: string, colour: boolean): Writable {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      process.stdout.write(`${formatLogLine(worker, line.trimEnd(), { colour })}\n`);
      done();
    },
  });
}
