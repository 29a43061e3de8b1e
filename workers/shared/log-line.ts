import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';

/**
 * One line of a worker's JSON log, made readable: `12:00:01 tap  warn  what happened  key=value`.
 * Used by a worker on a terminal and by `npm start`, which merges the logs of all workers.
 */

const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** Terminal colours per worker, so that a merged log can be read by column. */
const WORKER_COLOURS: Readonly<Record<string, number>> = {
  tap: 36,
  recorder: 35,
  dashboard: 34,
  simulator: 33,
  postgres: 90,
  start: 32,
};

const RED = 31;
const YELLOW = 33;
const GREY = 90;

/** Fields that the line shows in a place of their own, or that only machines need. */
const PLACED = new Set(['level', 'time', 'pid', 'hostname', 'worker', 'msg', 'err']);

export interface LineStyle {
  readonly colour: boolean;
}

/** The readable form of one log line of `worker`; a line that is not our JSON is passed on with the worker's name before it. */
export function formatLogLine(worker: string, line: string, style: LineStyle): string {
  const entry = parseEntry(line);
  if (entry === null) return `${prefix(clock(new Date()), worker, style)} ${line}`;
  const level = LEVELS[Number(entry['level'])] ?? 'info';
  const name = typeof entry['worker'] === 'string' ? entry['worker'] : worker;
  const fields = Object.entries(entry)
    .filter(([key]) => !PLACED.has(key))
    .map(([key, value]) => paint(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`, GREY, style));
  const words = [
    prefix(clock(new Date(Number(entry['time']))), name, style),
    paintLevel(level, style),
    String(entry['msg'] ?? ''),
    ...fields,
  ];
  return words.filter((word) => word !== '').join(' ') + stackOf(entry, style);
}

/** `text` in a terminal colour, or plain where colours are off. */
export function paint(text: string, colour: number, style: LineStyle): string {
  return style.colour ? `\u001b[${colour}m${text}\u001b[39m` : text;
}

function parseEntry(line: string): JsonObject | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed: unknown = JSON.parse(line);
    return isJsonObject(parsed) && 'level' in parsed && 'time' in parsed ? parsed : null;
  } catch {
    return null;
  }
}

function prefix(time: string, worker: string, style: LineStyle): string {
  return `${paint(time, GREY, style)} ${paint(worker.padEnd(9), WORKER_COLOURS[worker] ?? GREY, style)}`;
}

function clock(at: Date): string {
  return Number.isNaN(at.getTime()) ? '--:--:--' : at.toTimeString().slice(0, 8);
}

function paintLevel(level: string, style: LineStyle): string {
  if (level === 'info') return '';
  const colour = level === 'warn' ? YELLOW : level === 'error' || level === 'fatal' ? RED : GREY;
  return paint(level, colour, style);
}

function stackOf(entry: JsonObject, style: LineStyle): string {
  const error = entry['err'];
  if (!isJsonObject(error)) return '';
  const text = String(error['stack'] ?? error['message'] ?? '');
  return text
    .split('\n')
    .map((line) => `\n    ${paint(line.trim(), GREY, style)}`)
    .join('');
}
