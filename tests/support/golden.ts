import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WallMicros } from '#lib/base/brand.ts';
import type { JsonObject } from '#lib/base/json.ts';
import { isJsonObject } from '#lib/base/json.ts';
import type { FoundAnomaly } from '#lib/rules/detector.ts';
import { detectEnd, detectEvent } from '#lib/rules/detector.ts';
import { openRules } from '#lib/rules/engine.ts';
import type { FoldEvent, SessionState } from '#lib/session/fold.ts';
import { closeSession, foldEvent, openSession, takeChanges } from '#lib/session/fold.ts';
import type { FoldedSession } from './fold-session.ts';
import { captureOf, collect, emptyFolded, SCRIPT_START, SESSION_ID, toFoldEvent } from './fold-session.ts';

/** Our own recorded sessions, written from the protocol, one `{t, dir, event}` a line. */
export const FIXTURES: string = join(import.meta.dirname, '../fixtures/sessions');

/** What each of them folds to. `node scripts/update-golden.ts` rewrites them; a change is reviewed like code. */
export const GOLDEN: string = join(import.meta.dirname, '../golden');

/** One line of a session file. */
export interface SessionLine {
  readonly t: number | null;
  readonly dir: 'client' | 'server';
  readonly event: JsonObject;
}

/** The names of the fixture sessions. */
export function fixtureNames(): string[] {
  return readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort();
}

/** The lines of a session file. */
export function readSession(file: string): SessionLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SessionLine);
}

/** What a session file amounts to: its rows, and what the rules find in it. */
export interface DetectedSession extends FoldedSession {
  readonly anomalies: readonly FoundAnomaly[];
}

/** A state for a session file, as an import would open it: nothing is known of the connection, and times only where the file has them. */
export function openFile(lines: readonly SessionLine[]): SessionState {
  const first = lines.find((line) => typeof line.t === 'number')?.t ?? null;
  const capture = captureOf({
    mode: 'import',
    transport: 'unknown',
    upstream: null,
    upstreamKind: null,
    path: null,
    query: {},
    clock: first === null ? 'none' : 'wall',
  });
  return openSession({ id: SESSION_ID, at: first === null ? null : ((first * 1000) as WallMicros), capture });
}

/** A line of a session file as the fold takes it. */
export function toFileEvent(state: SessionState, seq: number, line: SessionLine): FoldEvent {
  const ms = typeof line.t === 'number' ? line.t - SCRIPT_START / 1000 : null;
  const direction = line.dir === 'client' ? 'client_to_server' : 'server_to_client';
  return toFoldEvent(state, seq, { ms, direction, text: JSON.stringify(line.event) });
}

/** Folds a session file as an import would, and runs the rules over it. */
export function foldFile(lines: readonly SessionLine[]): DetectedSession {
  const state = openFile(lines);
  const rules = openRules();
  const anomalies: FoundAnomaly[] = [];
  for (const [index, line] of lines.entries()) {
    const event = toFileEvent(state, index + 1, line);
    foldEvent(state, event);
    anomalies.push(...detectEvent(rules, state, event));
  }
  closeSession(state, { at: state.row.lastEventAt, status: 'ended', end: null });
  anomalies.push(...detectEnd(rules, state));
  return { ...collect(emptyFolded(), takeChanges(state)), anomalies };
}

/** The text of a golden file; keys in order of the alphabet, so that moving a field in the code changes nothing here. */
export function goldenText(name: string): string {
  return `${JSON.stringify(foldFile(readSession(join(FIXTURES, `${name}.jsonl`))), sortKeys, 2)}\n`;
}

function sortKeys(_key: string, value: unknown): unknown {
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
